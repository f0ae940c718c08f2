"""Whose row is it? The people whom one batch of rows may mean, and what the rows change about them.

The email address comes first. The rules for phones, in full, because families share them:

| the row's email | its phone here                           | the row is                             |
| --------------- | ---------------------------------------- | -------------------------------------- |
| known           | that person's, or nobody's, or not given | that person; the phone becomes theirs  |
| known           | somebody else's                          | rejected: `conflict`                   |
| new             | of exactly one person without an email   | that person, who gets the email        |
| new             | of people with other emails, or several  | a new person who shares the phone      |
| not given       | of exactly one person without an email   | that person                            |
| not given       | of others                                | the first of them: it can only consent |

Two rows of one file about the same person: the first one's words stay, the second fills what is still
blank. So the same file imported twice finds nothing to change.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Subscriber
from dispatcher.usecases.bulk import insert_rows, one_of
from dispatcher.usecases.importing.cells import RowPerson
from dispatcher.usecases.importing.person import STORED, Person
from dispatcher.usecases.importing.rejecting import RowFault, RowRejected

_IMPORTS_LOCK = 0x15915  # any number, the same for all who add people
# The sequence is looked up in a query of its own, once: that takes longer than giving a number.
_NEW_IDS = text(
    "SELECT nextval((SELECT CAST(pg_get_serial_sequence('subscribers', 'id') AS regclass))) "
    "FROM generate_series(1, :count)"
)


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a row means. `only_consents`: the phone is shared, so the rest may not be about them."""

    person: Person
    only_consents: bool = False


class Crowd:
    """Everybody who has one of the rows' addresses."""

    def __init__(self) -> None:
        self._by_email: dict[bytes, Person] = {}
        self._by_phone: dict[bytes, list[Person]] = {}
        self._new: list[Person] = []
        self._known: dict[int, Person] = {}

    @classmethod
    def of(cls, session: Session, rows: Iterable[RowPerson], seen: Callable[[int], bool]) -> "Crowd":
        """Load everybody whom these rows may mean; `seen` says whose row this file had already."""
        crowd = cls()
        emails = {row.email_key for row in rows if row.email_key}
        phones = {row.phone_key for row in rows if row.phone_key}
        for column, keys in ((Subscriber.email_key, emails), (Subscriber.phone_key, phones)):
            if keys:
                for person in _load(session, one_of(session, column, keys)):
                    crowd._add(person, seen)
        return crowd

    def _add(self, person: Person, seen: Callable[[int], bool]) -> None:
        assert person.id is not None
        if person.id in self._known:
            return
        person.seen = seen(person.id)
        self._known[person.id] = person
        self._index(person)

    def _index(self, person: Person) -> None:
        if person.email_key:
            self._by_email[person.email_key] = person
        if person.phone_key and person not in (owners := self._by_phone.setdefault(person.phone_key, [])):
            owners.append(person)

    @property
    def known_ids(self) -> list[int]:
        """The ids of everybody who was here before this batch."""
        return list(self._known)

    def whose(self, row: RowPerson) -> Match | None:
        """Whom the row means; None: a new person. Raises RowRejected for a conflict."""
        owners = self._by_phone.get(row.phone_key, []) if row.phone_key else []
        if row.email_key and (known := self._by_email.get(row.email_key)):
            if owners and known.phone_key != row.phone_key:
                raise RowRejected.because(RowFault.CONFLICT)
            return Match(known)
        without_email = [owner for owner in owners if owner.email_key is None]
        if len(without_email) == 1:
            return Match(without_email[0])
        if owners and row.email_key is None:
            return Match(owners[0], only_consents=True)
        return None

    def add(self, row: RowPerson) -> Person:
        """A new person, as the row says."""
        person = Person.new(row)
        self._new.append(person)
        self._index(person)
        return person

    def update(self, match: Match, row: RowPerson) -> bool:
        """Apply the row to the person it means; whether anything changed. A duplicate raises RowRejected."""
        if match.only_consents:
            return False
        person = match.person
        before = person.phone_key
        changed = person.take(row)
        if before and before != person.phone_key:
            self._by_phone[before].remove(person)
        self._index(person)
        return changed

    def write(self, session: Session, batch_id: int | None) -> None:
        """Insert who is new, giving them their ids, and update who changed, in the order of ids."""
        now = session.scalar(select(db_now()))
        for person, new_id in zip(self._new, _new_ids(session, len(self._new)), strict=True):
            person.id = new_id
        insert_rows(
            session,
            Subscriber,
            ("id", *STORED),
            [(person.id, *person.stored()) for person in self._new],
            {"batch_id": batch_id, "created_at": now, "updated_at": now},
        )
        changed = sorted(key for key, person in self._known.items() if person.changed)
        if changed:
            columns = {
                name: bindparam(f"new_{name}", type_=Subscriber.__table__.c[name].type) for name in STORED
            }
            session.connection().execute(
                update(Subscriber)
                .where(Subscriber.id == bindparam("which"))
                .values(**columns, updated_at=db_now()),
                [_as_parameters(key, self._known[key]) for key in changed],
            )

    def attributes(self) -> tuple[list[tuple[int, dict[str, str]]], list[int]]:
        """Of everybody who was just written: their attributes by id; and the ids of who was here before."""
        changed = [person for _, person in sorted(self._known.items()) if person.changed]
        kept = [(person.id, person.attributes) for person in (*self._new, *changed) if person.id is not None]
        return kept, [person.id for person in changed if person.id is not None]


def lock_people(session: Session) -> None:
    """Let one process at a time add people: two imports would both add the same new address otherwise.

    SQLite's transactions have such a lock anyway. It is held to the end of the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _IMPORTS_LOCK})


def _new_ids(session: Session, count: int) -> list[int]:
    """Ids for rows about to be inserted: asking for them afterwards would take a statement a row.

    Nobody else takes them meanwhile: a sequence gives each once, and SQLite's transaction is the only one.
    """
    if session.get_bind().dialect.name == "postgresql":
        return list(session.scalars(_NEW_IDS, {"count": count}))
    taken = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'subscribers'")) or 0
    return list(range(taken + 1, taken + 1 + count))


def _load(session: Session, condition: Any) -> Iterator[Person]:
    columns = (Subscriber.id, *(getattr(Subscriber, name) for name in STORED))
    for row in session.execute(select(*columns).where(condition).order_by(Subscriber.id)):
        yield Person.known(*row)


def _as_parameters(which: int, person: Person) -> dict[str, Any]:
    stored = zip(STORED, person.stored(), strict=True)
    return {"which": which} | {f"new_{name}": value for name, value in stored}
