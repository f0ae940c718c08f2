"""A proof that doesn't cover the body counts for one body: whoever sees it can't tell anything else by it."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from dispatcher.keyring import Keyring
from dispatcher.models import SpentToken
from dispatcher.rules.events import Event
from dispatcher.sql import insert_with_conflicts


def spend_tokens(session: Session, keys: Keyring, events: Sequence[Event]) -> set[Event]:
    """Use up the proofs of these events, whose ids are their proofs' tokens.

    Returns those whose proof was used for something else before. The same once more counts: a provider
    repeats a call that wasn't answered.
    """
    if not events:
        return set()
    spent = [(event.provider, _token_key(event), _told_key(keys, event)) for event in events]
    rows = [dict(zip(("provider", "token_key", "told_key"), one, strict=True)) for one in sorted(set(spent))]
    session.execute(insert_with_conflicts(session, SpentToken).values(rows).on_conflict_do_nothing())
    found = select(SpentToken.provider, SpentToken.token_key, SpentToken.told_key).where(
        tuple_(SpentToken.provider, SpentToken.token_key).in_([one[:2] for one in spent])
    )
    used_for = {(provider, token): told for provider, token, told in session.execute(found)}
    return {
        event
        for event, (provider, token, told) in zip(events, spent, strict=True)
        if used_for[provider, token] != told
    }


def _token_key(event: Event) -> bytes:
    return hashlib.sha256(event.event_id.encode()).digest()[:16]


def _told_key(keys: Keyring, event: Event) -> bytes:
    """Of all that acts upon a message or an address; keyed, for an address is among it."""
    told = (event.kind, event.reference, event.provider_ref, event.recipient, event.code, str(event.at))
    return keys.address_key("\0".join(("told", *told)))
