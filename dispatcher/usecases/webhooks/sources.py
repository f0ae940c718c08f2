"""The tables that webhooks follow: each is read in the order of its rows' times, and says what they mean."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.models import (
    Action,
    Alert,
    ConsentEvent,
    DeliveryLogEntry,
    JournalEntry,
    Message,
    Reply,
    Subscriber,
)
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.journal import Forgotten, Suppressed, read_facts
from dispatcher.rules.moves import Status
from dispatcher.rules.webhooks import Event, Kind, event_key
from dispatcher.usecases.bulk import one_of

_Query = Select[*tuple[Any, ...]]
_STATUSES = {
    Status.SENT: Kind.MESSAGE_SENT,
    Status.DELIVERED: Kind.MESSAGE_DELIVERED,
    Status.BOUNCED: Kind.MESSAGE_BOUNCED,
    Status.COMPLAINED: Kind.MESSAGE_COMPLAINED,
    Status.FAILED: Kind.MESSAGE_FAILED,
    Status.UNCERTAIN: Kind.MESSAGE_UNCERTAIN,
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a table, in order: what they mean, how many they were, and the last one's key."""

    events: Sequence[Event]
    rows: int
    last: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A table: `key` is its time, and what tells rows of the same time apart."""

    name: str
    kinds: frozenset[Kind]
    key: tuple[InstrumentedAttribute[Any], ...]
    asked: Callable[[Collection[Kind]], _Query]
    told: Callable[[Session, Sequence[Any]], Iterable[Event]]

    def page(
        self, session: Session, wanted: Collection[Kind], after: Sequence[Any], until: datetime, at_most: int
    ) -> Page:
        """Rows after a key, or after a moment alone, up to another moment."""
        query = self.asked(wanted).where(self._after(after), self.key[0] <= until)
        rows = session.execute(query.order_by(*self.key).limit(at_most)).all()
        if not rows:
            return Page((), 0)
        last = tuple(getattr(rows[-1], column.key) for column in self.key)
        return Page([one for one in self.told(session, rows) if one.kind in wanted], len(rows), last)

    def _after(self, after: Sequence[Any]) -> ColumnElement[bool]:
        if len(after) == 1:
            later: ColumnElement[bool] = self.key[0] > after[0]
            return later
        given = [literal(value, column.type) for value, column in zip(after, self.key, strict=True)]
        return tuple_(*self.key) > tuple_(*given)


def kept(last: Sequence[Any]) -> str:
    """The rest of a row's key, as the cursor keeps it."""
    return json.dumps([_plain(one) for one in last])


def _plain(one: Any) -> Any:
    match one:
        case bytes():
            return {"hex": one.hex()}
        case datetime():
            return {"at": one.isoformat()}
        case _:
            return one


def unkept(words: str) -> list[Any]:
    """What `kept` wrote; nothing of nothing."""
    return [_as_it_was(one) for one in json.loads(words or "[]")]


def _as_it_was(one: Any) -> Any:
    match one:
        case {"hex": digits}:
            return bytes.fromhex(digits)
        case {"at": moment}:
            return datetime.fromisoformat(moment)
        case _:
            return one


def _log_asked(wanted: Collection[Kind]) -> _Query:
    entry = DeliveryLogEntry
    statuses = [status for status, kind in _STATUSES.items() if kind in wanted]
    return (
        select(
            *(entry.at, entry.message_id, entry.status, entry.alert_id, entry.channel),
            *(entry.subscriber_id, Message.language, Alert.campaign_id, Alert.practice),
            Alert.practice_channels,
        )
        .outerjoin(Message, Message.id == entry.message_id)
        .outerjoin(Alert, Alert.id == entry.alert_id)
        .where(entry.status.in_(statuses))
    )


def _log_told(_session: Session, rows: Sequence[Any]) -> Iterable[Event]:
    for row in rows:
        about = {
            "message": row.message_id,
            "alert": row.alert_id,
            "campaign": row.campaign_id,
            "channel": str(row.channel),
            "subscriber": row.subscriber_id,
            "status": str(row.status),
            "language": row.language,
            "practice": bool(row.practice) or str(row.channel) in (row.practice_channels or ""),
        }
        key = event_key("log", row.message_id, row.status, row.at.isoformat())
        yield Event(key, _STATUSES[row.status], row.at, about)


def _consent_asked(wanted: Collection[Kind]) -> _Query:
    event = ConsentEvent
    acts = [act for act in ConsentAct if _act_kind(act) in wanted]
    return select(
        *(event.at, event.id, event.act, event.subscriber_id, event.list_id, event.channel),
        event.address_key,
    ).where(event.act.in_(acts))


def _act_kind(act: ConsentAct) -> Kind:
    return Kind.SUBSCRIBER_JOINED if act is ConsentAct.JOINED else Kind.SUBSCRIBER_LEFT


def _consent_told(session: Session, rows: Sequence[Any]) -> Iterable[Event]:
    """An address that leaves takes everybody along who shares it, and may not say whose it is."""
    people = _people_of(session, {bytes(row.address_key) for row in rows if row.act is ConsentAct.LEFT})
    for row in rows:
        meant = {row.subscriber_id} - {None}
        if row.act is ConsentAct.LEFT:
            meant |= set(people.get((row.channel, bytes(row.address_key)), ()))
        for person in sorted(meant):
            about = {
                "subscriber": person,
                "list": row.list_id,
                "channel": str(row.channel),
                "act": str(row.act),
            }
            key = event_key("consent", row.id, row.at.isoformat(), person)
            yield Event(key, _act_kind(row.act), row.at, about)


def _journal_asked(_wanted: Collection[Kind]) -> _Query:
    return select(JournalEntry.at, JournalEntry.mark, JournalEntry.words)


def _journal_told(session: Session, rows: Sequence[Any]) -> Iterable[Event]:
    facts = [(row, nth, fact) for row in rows for nth, fact in enumerate(read_facts(row.words))]
    people = _people_of(
        session, {bytes.fromhex(fact.address_key) for _, _, fact in facts if isinstance(fact, Suppressed)}
    )
    for row, nth, fact in facts:
        if isinstance(fact, Forgotten):
            key = event_key("journal", row.mark.hex(), nth)
            yield Event(key, Kind.SUBSCRIBER_FORGOTTEN, row.at, {"subscriber": fact.subscriber_id})
        elif isinstance(fact, Suppressed):
            for person in sorted(people.get((Channel(fact.channel), bytes.fromhex(fact.address_key)), ())):
                about = {"subscriber": person, "channel": fact.channel, "reason": fact.reason}
                key = event_key("journal", row.mark.hex(), nth, person)
                yield Event(key, Kind.SUBSCRIBER_SUPPRESSED, row.at, about)


def _people_of(session: Session, keys: Collection[bytes]) -> Mapping[tuple[Channel, bytes], set[int]]:
    """Who has these addresses, several where a family shares a phone; of one that nobody has any more,
    who had it: the ledger outlives them.
    """
    people: defaultdict[tuple[Channel, bytes], set[int]] = defaultdict(set)
    if not keys:
        return people
    columns = {Channel.EMAIL: Subscriber.email_key, Channel.SMS: Subscriber.phone_key}
    for channel, column in columns.items():
        held = select(column, Subscriber.id).where(one_of(session, column, keys))
        for key, person in session.execute(held):
            people[channel, bytes(key or b"")].add(person)
    events = select(ConsentEvent.channel, ConsentEvent.address_key, ConsentEvent.subscriber_id).distinct()
    known = frozenset(people)
    for channel, key, former in session.execute(
        events.where(one_of(session, ConsentEvent.address_key, keys), ConsentEvent.subscriber_id.is_not(None))
    ):
        if (channel, bytes(key)) not in known and former is not None:
            people[channel, bytes(key)].add(former)
    return people


def _actions_asked(_wanted: Collection[Kind]) -> _Query:
    return select(Action.noted_at, Action.campaign_id, Action.subscriber_id, Action.at, Action.how)


def _actions_told(_session: Session, rows: Sequence[Any]) -> Iterable[Event]:
    for row in rows:
        about = {"subscriber": row.subscriber_id, "campaign": row.campaign_id, "how": str(row.how)}
        key = event_key("action", row.campaign_id, row.subscriber_id, row.at.isoformat(), row.how)
        yield Event(key, Kind.ACTION_RECORDED, row.noted_at, about | {"acted_at": row.at.isoformat()})


def _replies_asked(_wanted: Collection[Kind]) -> _Query:
    return select(Reply.at, Reply.id, Reply.subscriber_id, Reply.channel, Reply.alert_id)


def _replies_told(_session: Session, rows: Sequence[Any]) -> Iterable[Event]:
    for row in rows:
        about = {
            "reply": row.id,
            "subscriber": row.subscriber_id,
            "channel": str(row.channel),
            "alert": row.alert_id,
        }
        yield Event(event_key("reply", row.id, row.at.isoformat()), Kind.REPLY_RECEIVED, row.at, about)


SOURCES = (
    Source(
        "delivery_log",
        frozenset(_STATUSES.values()),
        (DeliveryLogEntry.at, DeliveryLogEntry.message_id, DeliveryLogEntry.status),
        _log_asked,
        _log_told,
    ),
    Source(
        "consent_events",
        frozenset({Kind.SUBSCRIBER_JOINED, Kind.SUBSCRIBER_LEFT}),
        (ConsentEvent.at, ConsentEvent.id),
        _consent_asked,
        _consent_told,
    ),
    Source(
        "journal_entries",
        frozenset({Kind.SUBSCRIBER_SUPPRESSED, Kind.SUBSCRIBER_FORGOTTEN}),
        (JournalEntry.at, JournalEntry.mark),
        _journal_asked,
        _journal_told,
    ),
    Source(
        "actions",
        frozenset({Kind.ACTION_RECORDED}),
        (Action.noted_at, Action.campaign_id, Action.subscriber_id, Action.at, Action.how),
        _actions_asked,
        _actions_told,
    ),
    Source("replies", frozenset({Kind.REPLY_RECEIVED}), (Reply.at, Reply.id), _replies_asked, _replies_told),
)
