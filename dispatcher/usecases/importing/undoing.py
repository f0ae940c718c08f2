"""Take back what rests on one import alone. What it changed about people who were here stays changed.

A consent that somebody else vouches for (another import, the person's own act) stays, and so does its
person; who has left since has left. The ledger keeps everything, with one more entry for each consent that
was taken back.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import ImportAlreadyUndone, UnknownBatch
from dispatcher.house import House
from dispatcher.models import ConsentEvent, ImportBatch, List, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.journal import ImportUndone
from dispatcher.usecases.importing.crowd import lock_people
from dispatcher.usecases.journal.noting import note

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and how many people stay because others vouch for them."""

    batch_id: int
    consents: int
    people: int
    staying: int


@dataclass(frozen=True, slots=True)
class BatchView:
    """One import as staff see it."""

    id: int
    file_name: str
    list_slug: str
    source: str
    counts: dict[str, int]
    created_at: datetime
    undone_at: datetime | None


def view_imports(session: Session) -> list[BatchView]:
    """Every import, newest first."""
    found = session.execute(
        select(ImportBatch, List.slug)
        .join(List, List.id == ImportBatch.list_id)
        .order_by(ImportBatch.id.desc())
    )
    return [
        BatchView(b.id, b.file_name, slug, b.source, json.loads(b.counts), b.created_at, b.undone_at)
        for b, slug in found
    ]


def undo(house: House, batch_id: int) -> Undone:
    """Take one import back, a thousand people at a time, each in a transaction; stopped halfway it can go on.

    Raises UnknownBatch or ImportAlreadyUndone.
    """
    with house.db.reading() as session:
        batch = session.get(ImportBatch, batch_id)
        if batch is None:
            raise UnknownBatch(batch=batch_id)
        if batch.undone_at is not None:
            raise ImportAlreadyUndone(batch=batch_id, at=f"{batch.undone_at:%d %B %Y}")
    consents = sum(page.done for page in _pages(house, batch_id, _take_back))
    people = list(_pages(house, batch_id, _remove))
    with house.db.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        batch.undone_at = session.scalar(select(db_now()))
        note(session, ImportUndone(batch_id, batch.created_at.isoformat()))
    removed = sum(page.done for page in people)
    return Undone(batch_id, consents, removed, sum(page.looked_at for page in people) - removed)


@dataclass(frozen=True, slots=True)
class _Page:
    last_id: int
    looked_at: int
    done: int


def _pages(house: House, batch_id: int, work: Callable[[Session, int, int], _Page | None]) -> Iterator[_Page]:
    last_id = 0
    while True:
        with house.db.transaction() as session:
            lock_people(session)
            page = work(session, batch_id, last_id)
        if page is None:
            return
        yield page
        last_id = page.last_id


def _take_back(session: Session, batch_id: int, after: int) -> _Page | None:
    """The next consents of the import, in the ledger and in the projection."""
    events = session.scalars(
        select(ConsentEvent)
        .where(
            ConsentEvent.batch_id == batch_id, ConsentEvent.act == ConsentAct.JOINED, ConsentEvent.id > after
        )
        .order_by(ConsentEvent.id)
        .limit(_AT_ONCE)
    ).all()
    if not events:
        return None
    history = _History.of(session, batch_id, events)
    resting = [event for event in events if history.rests_on_the_import(event)]
    if resting:
        session.execute(insert(ConsentEvent), [_taken_back(event) for event in resting])
        session.connection().execute(
            delete(Subscription).where(
                Subscription.list_id == bindparam("list"),
                Subscription.channel == bindparam("on"),
                Subscription.subscriber_id == bindparam("person"),
                Subscription.address_key == bindparam("key"),
            ),
            [
                {"list": e.list_id, "on": e.channel, "person": e.subscriber_id, "key": e.address_key}
                for e in resting
            ],
        )
    return _Page(events[-1].id, len(events), len(resting))


def _taken_back(event: ConsentEvent) -> dict[str, Any]:
    return {
        "subscriber_id": event.subscriber_id,
        "list_id": event.list_id,
        "channel": event.channel,
        "address_key": event.address_key,
        "act": ConsentAct.TAKEN_BACK,
        "source": f"undo of import {event.batch_id}",
        "batch_id": event.batch_id,
    }


_Address = tuple[Channel, bytes]


class _History:
    """Everything that the ledger says of some addresses on one list."""

    def __init__(self) -> None:
        self._left: set[_Address] = set()  # whose last act it is
        self._vouched: set[tuple[_Address, int | None]] = set()  # joined by somebody else's word, too
        self._done: set[tuple[_Address, int | None]] = set()  # taken back before this undo was stopped

    @classmethod
    def of(cls, session: Session, batch_id: int, events: Sequence[ConsentEvent]) -> "_History":
        history = cls()
        acts = (
            select(ConsentEvent, ImportBatch.undone_at)
            .outerjoin(ImportBatch, ImportBatch.id == ConsentEvent.batch_id)
            .where(ConsentEvent.list_id == events[0].list_id)  # an import joins one list
            .where(ConsentEvent.address_key.in_({event.address_key for event in events}))
            .order_by(ConsentEvent.id)
        )
        for event, undone_at in session.execute(acts):
            history._read(event, ours=event.batch_id == batch_id, undone=undone_at is not None)
        return history

    def _read(self, event: ConsentEvent, *, ours: bool, undone: bool) -> None:
        address = (event.channel, event.address_key)
        whose = (address, event.subscriber_id)
        if event.act is ConsentAct.LEFT:
            self._left.add(address)
            self._vouched = {one for one in self._vouched if one[0] != address}
        elif event.act is ConsentAct.JOINED:
            self._left.discard(address)
            if not ours and not undone:
                self._vouched.add(whose)
        elif ours:
            self._done.add(whose)

    def rests_on_the_import(self, event: ConsentEvent) -> bool:
        """Whether the consent stands, and nobody else vouches for it."""
        address = (event.channel, event.address_key)
        whose = (address, event.subscriber_id)
        return address not in self._left and whose not in self._vouched and whose not in self._done


def _remove(session: Session, batch_id: int, after: int) -> _Page | None:
    """The next people whom the import added, unless somebody else vouches for one of their consents."""
    added = session.execute(
        select(Subscriber.id, Subscriber.email_key, Subscriber.phone_key)
        .where(Subscriber.batch_id == batch_id, Subscriber.id > after)
        .order_by(Subscriber.id)
        .limit(_AT_ONCE)
    ).all()
    if not added:
        return None
    keys = {key for _, *both in added for key in both if key}
    vouched = set(
        session.scalars(
            select(ConsentEvent.subscriber_id)
            .outerjoin(ImportBatch, ImportBatch.id == ConsentEvent.batch_id)
            .where(ConsentEvent.address_key.in_(keys), ConsentEvent.act == ConsentAct.JOINED)
            .where(or_(ConsentEvent.batch_id.is_(None), ConsentEvent.batch_id != batch_id))
            .where(ImportBatch.undone_at.is_(None))
        )
    )
    alone = [person for person, *_ in added if person not in vouched]
    session.execute(
        delete(Subscriber).where(Subscriber.id.in_(alone)).execution_options(synchronize_session=False)
    )
    return _Page(added[-1].id, len(added), len(alone))
