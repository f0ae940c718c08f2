"""Apply batches of rows: match, decide, write people and their consents, all in the caller's transaction."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.attributes.indexing import Indexer
from dispatcher.usecases.attributes.schema import load_schema
from dispatcher.usecases.bulk import by_index
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger
from dispatcher.usecases.importing.cells import RowPerson
from dispatcher.usecases.importing.crowd import Crowd, lock_people
from dispatcher.usecases.importing.person import Person
from dispatcher.usecases.importing.rejecting import RowRejected


class Verdict(StrEnum):
    """What a row came to; each row counts once."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    KEPT_OUT = "kept_out"  # somebody who has left or is suppressed, whom the row would have put back


class SeenPeople:
    """Whose row this file had already: a bit a subscriber id, so that a million people take 125 KB."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, person_id: int) -> None:
        place, bit = divmod(person_id, 8)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        self._bits[place] |= 1 << bit

    def __contains__(self, person_id: int) -> bool:
        place, bit = divmod(person_id, 8)
        return place < len(self._bits) and bool(self._bits[place] & 1 << bit)


@dataclass(slots=True)
class Applied:
    """What one batch of rows came to."""

    verdicts: list[Verdict] = field(default_factory=list)  # one a row, in their order
    subscriber_ids: list[int | None] = field(default_factory=list)  # likewise; None: nobody is here
    rejected: dict[int, RowRejected] = field(default_factory=dict)  # by the row's place in the batch
    joined: Counter[Channel] = field(default_factory=Counter)
    withheld: Counter[Channel] = field(default_factory=Counter)


@dataclass(slots=True)
class Applier:
    """One import into one list. `texts_by_column`: only rows that say yes agree to texts."""

    list_id: int
    channels: frozenset[Channel]
    evidence: Evidence
    texts_by_column: bool = False
    seen: SeenPeople = field(default_factory=SeenPeople)
    indexer: Indexer = field(default_factory=lambda: Indexer(load_schema()))

    def apply(self, session: Session, rows: Sequence[RowPerson]) -> Applied:
        """Apply these rows, in order. Two imports wait for each other here."""
        lock_people(session)
        batch = _Batch(self, session, rows)
        for place, row in enumerate(rows):
            batch.apply_one(place, row)
        batch.write()
        return batch.applied


class _Batch:
    """The rows of one transaction."""

    def __init__(self, order: Applier, session: Session, rows: Sequence[RowPerson]) -> None:
        self._order = order
        self._session = session
        self._ledger = ListLedger(session, order.list_id)
        keys = {
            Channel.EMAIL: {row.email_key for row in rows if row.email_key},
            Channel.SMS: {row.phone_key for row in rows if row.phone_key},
        }
        with by_index(session):
            self._crowd = Crowd.of(session, rows, order.seen.__contains__)
            self._ledger.look_up(keys, self._crowd.known_ids)
        # By the person's identity in memory.
        self._agreed: dict[tuple[int, Channel], tuple[Person, bytes]] = {}
        self._people: list[Person | None] = []  # one a row
        self._touched: list[Person] = []
        self.applied = Applied()

    def apply_one(self, place: int, row: RowPerson) -> None:
        try:
            verdict, person = self._verdict(row)
        except RowRejected as rejected:
            self.applied.rejected[place] = rejected
            verdict, person = Verdict.REJECTED, None
        self.applied.verdicts.append(verdict)
        self._people.append(person)

    def write(self) -> None:
        """Everything decided above, in as few statements as there are tables."""
        self._crowd.write(self._session, self._order.evidence.batch_id)
        if self._order.indexer.has_work:
            people, known = self._crowd.attributes()
            self._order.indexer.write(self._session, people, known=known)
        agreements = [
            Agreement(_id_of(person), channel, key, person.language)
            for (_, channel), (person, key) in self._agreed.items()
        ]
        self._ledger.join(agreements, self._order.evidence)
        for person in self._touched:
            self._order.seen.add(_id_of(person))
        self.applied.subscriber_ids = [person.id if person else None for person in self._people]

    def _verdict(self, row: RowPerson) -> tuple[Verdict, Person | None]:
        wishes = list(self._wishes(row))
        granted = [wish for wish in wishes if self._ledger.standing(*wish).allows(self._order.evidence)]
        forgotten = self._forgotten(row)
        row = self._without_given_up_phone(row)
        match = None if forgotten else self._crowd.whose(row)
        if len(granted) < len(wishes):
            self.applied.withheld.update(channel for channel, _ in set(wishes) - set(granted))
        if forgotten or (match is None and wishes and not granted):
            return Verdict.KEPT_OUT, None  # nothing is stored of somebody whom nothing may be sent to
        changed = match is not None and self._crowd.update(match, row)
        person = match.person if match else self._crowd.add(row)
        if not (match and match.only_consents):
            person.seen = True
            self._touched.append(person)
        joined = [self._agree(person, channel, key) for channel, key in granted]
        if match is None:
            return Verdict.ADDED, person
        if len(granted) < len(wishes):
            return Verdict.KEPT_OUT, person
        return (Verdict.UPDATED if changed or any(joined) else Verdict.UNCHANGED), person

    def _wishes(self, row: RowPerson) -> Iterator[tuple[Channel, bytes]]:
        """The addresses that the row says agreed."""
        if row.email_key and Channel.EMAIL in self._order.channels:
            yield Channel.EMAIL, row.email_key
        texts_agreed = row.texts_agreed or not self._order.texts_by_column
        if row.phone_key and texts_agreed and Channel.SMS in self._order.channels:
            yield Channel.SMS, row.phone_key

    def _forgotten(self, row: RowPerson) -> bool:
        return self._ledger.forgotten(Channel.EMAIL, row.email_key) or self._ledger.forgotten(
            Channel.SMS, row.phone_key
        )

    def _without_given_up_phone(self, row: RowPerson) -> RowPerson:
        """An old file may have a number that its owner has given up: it doesn't become theirs again."""
        if row.email_key is None or row.phone_key is None:
            return row
        given_up = self._ledger.standing(Channel.SMS, row.phone_key).suppressed is SuppressionReason.MOVED
        return replace(row, phone=None, phone_key=None) if given_up else row

    def _agree(self, person: Person, channel: Channel, key: bytes) -> bool:
        """Note an agreement; whether it puts the person on the list anew."""
        if (id(person), channel) in self._agreed:
            return False
        self._agreed[id(person), channel] = (person, key)
        if person.id is not None and self._ledger.subscribed(person.id, channel, key):
            return False
        self.applied.joined[channel] += 1
        return True


def _id_of(person: Person) -> int:
    assert person.id is not None  # the crowd has been written
    return person.id
