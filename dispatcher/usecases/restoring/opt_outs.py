"""Replay what people have decided since: who left stays left, who was forgotten is forgotten again."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import List, Subscriber
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.journal import Entry, Forgotten, Left, Suppressed, facts_of, opt_outs_to_replay
from dispatcher.usecases.forget import erase
from dispatcher.usecases.hold import forget_afterwards, in_force
from dispatcher.usecases.journal.noting import list_key
from dispatcher.usecases.leave import STOPPED, leave
from dispatcher.usecases.suppress import suppress
from dispatcher.usecases.unsubscribe import REASONS

_SOURCE = "replayed from the journal"


def replay_opt_outs(session: Session, entries: Sequence[Entry], missing: Collection[str]) -> int:
    """Do again what the entries with `missing` marks say of people; returns how many opt-outs were new.

    `entries` are all that are known, in order: who has come back since, in any of them, stays.
    """
    lists = {list_key(slug): list_id for list_id, slug in session.execute(select(List.id, List.slug))}
    done = sum(_replay(session, lists, fact) for fact in opt_outs_to_replay(entries, missing))
    for fact in facts_of((entry for entry in entries if entry.mark in missing), Forgotten):
        _forget(session, fact)
    return done


def _replay(session: Session, lists: dict[str, int], fact: Left | Suppressed) -> bool:
    channel, key = Channel(fact.channel), bytes.fromhex(fact.address_key)
    if isinstance(fact, Suppressed):
        reason = SuppressionReason(fact.reason)
        if reason is SuppressionReason.FORGOTTEN:
            _forget_address(session, channel, key)
        return suppress(session, channel, key, reason, _SOURCE)
    if fact.list_key not in lists:
        # A list that this database never had. It may be made again and filled from the same file, so they
        # are kept out of everything: rather too much than a message to somebody who has left.
        return suppress(session, channel, key, REASONS[channel], _SOURCE)
    source = STOPPED if fact.by_stop else _SOURCE
    return bool(leave(session, channel, key, source, list_ids=[lists[fact.list_key]]))


def _forget(session: Session, fact: Forgotten) -> None:
    person = session.get(Subscriber, fact.subscriber_id)
    if person is not None and person.created_at.isoformat() == fact.created_at:
        _erase(session, [person])


def _forget_address(session: Session, channel: Channel, key: bytes) -> None:
    """Whoever has a forgotten address; of a phone that several share, nobody: it only gets no texts."""
    people = session.scalars(select(Subscriber).where(address_key(channel) == key)).all()
    if len(people) == 1:
        _erase(session, people)


def _erase(session: Session, people: Sequence[Subscriber]) -> None:
    held = in_force(session)
    for person in people:
        if held:
            forget_afterwards(session, person.id)
        else:
            erase(session, person)
            session.expunge(person)  # it is gone: nobody may find it in this session again
