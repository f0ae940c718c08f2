"""What tests look at of the journal: the entries of the file and of the database."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import select

from dispatcher.house import House
from dispatcher.journal import Journal
from dispatcher.models import JournalEntry
from dispatcher.models.installation import installation_name
from dispatcher.rules.journal import BackedUp, Entry, Fact
from dispatcher.usecases.journal import note
from dispatcher.usecases.journal.noting import as_entry


def name_of(house: House) -> str:
    with house.db.reading() as session:
        return installation_name(session)


def outside(house: House) -> list[Entry]:
    """The entries of all files in the folder."""
    return list(house.db.journal.read(house.db.journal.files(name_of(house))))


def inside(house: House) -> list[Entry]:
    """The entries of the database."""
    with house.db.reading() as session:
        return [as_entry(row) for row in session.scalars(select(JournalEntry).order_by(JournalEntry.at))]


def jot(house: House, *facts: Fact) -> None:
    """Note something, in a transaction of its own."""
    with house.db.transaction() as session:
        note(session, *(facts or (BackedUp(),)))


@dataclass
class AnotherHost:
    """Another machine with a folder of its own, on the same database."""

    house: House

    def __enter__(self) -> Self:
        self._ours = self.house.db.journal
        self.house.db.journal = Journal(self._ours.folder.with_name("journal-of-web-1"), "web-1")
        return self

    def __exit__(self, *_error: object) -> None:
        self.house.db.journal = self._ours
