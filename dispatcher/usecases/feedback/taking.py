"""Take events in: one statement, so that whoever told them has an answer at once. Workers apply them."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatcher.addresses import AddressProblem, parse_email, parse_phone
from dispatcher.keyring import Keyring
from dispatcher.models import ProviderEvent
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.feedback import KEPT
from dispatcher.rules.redaction import without_addresses
from dispatcher.sql import insert_with_conflicts

_KEY_BYTES = 16
_LONGEST_REF, _LONGEST_CODE, _LONGEST_WORDS = 255, 20, 500  # as the columns are
_REFERENCE = re.compile(r"[0-9]{1,18}(?:\.[0-9a-f]{16})?")
_PLAIN = re.compile(r"[0-9]{0,5}|[245]\.[0-9]{1,3}\.[0-9]{1,3}")  # no address: 550, 30003, 5.1.1
_WENT_WELL = frozenset({EventKind.ACCEPTED, EventKind.DELIVERED})  # nobody asks in which words
_BELIEVED_YEARS = range(2000, 3000)  # of a provider's clock; databases differ on what lies far outside


def take(session: Session, keys: Keyring, events: Iterable[Event]) -> int:
    """Keep events until they are applied; returns how many were news.

    An event is known by its provider and that one's own id. Opens, clicks and what nobody understands aren't
    kept, nor that something without our reference was accepted; replies are kept elsewhere.
    """
    rows = [_row(keys, event) for event in events if _is_kept(event)]
    if not rows:
        return 0
    # In one order: of two calls that tell the same events neither waits for the other for ever.
    rows.sort(key=lambda row: (row["provider"], row["event_key"]))
    statement = insert_with_conflicts(session, ProviderEvent).on_conflict_do_nothing()
    news = session.connection().execute(statement.returning(ProviderEvent.id), rows)
    return len(news.all())


def channel_of(provider: str) -> Channel:
    """The channel that a provider's events are about."""
    return Channel.SMS if provider == "twilio" else Channel.EMAIL


def _is_kept(event: Event) -> bool:
    return event.kind in KEPT and (event.kind is not EventKind.ACCEPTED or bool(event.reference))


def event_key(event_id: str) -> bytes:
    """What an event is known by: a provider's ids have any length, and some hold an address."""
    return hashlib.sha256(event_id.encode("utf-8", "replace")).digest()[:_KEY_BYTES]


def _row(keys: Keyring, event: Event) -> dict[str, Any]:
    recipient = event.recipient.strip()
    return {
        "provider": event.provider,
        "event_key": event_key(event.event_id),
        "kind": event.kind,
        "reference": event.reference if _REFERENCE.fullmatch(event.reference) else "",
        "provider_ref": _clean(event.provider_ref)[:_LONGEST_REF],
        "address_key": _address_key(keys, channel_of(event.provider), recipient),
        "code": _told(event.code, recipient, _LONGEST_CODE),
        "words": "" if event.kind in _WENT_WELL else _told(event.words, recipient, _LONGEST_WORDS),
        "told_at": _believed(event.at),
        "tries": 0,
    }


def _clean(words: str) -> str:
    """Without NUL, which PostgreSQL refuses, and without half characters."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()


def _told(words: str, recipient: str, limit: int) -> str:
    """Without addresses. (To look for one's parts takes longer than all the rest: most codes have none.)"""
    return words[:limit] if _PLAIN.fullmatch(words) else without_addresses(words, recipient, limit=limit)


def _address_key(keys: Keyring, channel: Channel, recipient: str) -> bytes | None:
    try:
        if channel is Channel.SMS:
            return keys.address_key(parse_phone(recipient).e164)
        return keys.address_key(parse_email(recipient).normalised)
    except AddressProblem:
        return None


def _believed(at: datetime | None) -> datetime | None:
    return at if at is not None and at.year in _BELIEVED_YEARS else None
