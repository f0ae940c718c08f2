"""Whether the database is as new as the journal's files say; nothing is sent while it isn't.

Entries are written outside only after their commit. So a database that doesn't know the mark of an entry was
put back to an earlier day, by whatever means.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.db import Database
from dispatcher.errors import DatabaseOlder
from dispatcher.house import House
from dispatcher.journal import Journal
from dispatcher.models import JournalAhead, JournalEntry
from dispatcher.models.installation import installation_name
from dispatcher.rules.journal import Entry
from dispatcher.sql import insert_with_conflicts

_AT_ONCE = 500  # marks a query
_PLACE_LENGTH = 300


def refuse_older_database(house: House) -> None:
    """Raise DatabaseOlder when a journal in our folder, or one that another host told of, is ahead.

    Costs a few short queries and a look at each file's size: to be called before each lease.
    """
    if places := journals_ahead(house.db):
        raise DatabaseOlder(where=house.db.shown, places=", ".join(places))


def journals_ahead(database: Database) -> list[str]:
    """Where the journals are that know more than this database. It is kept in mind for others to see."""
    if not database.journal.installation:
        with database.reading() as session:
            name_of(session, database.journal)
    newest = database.journal.newest(
        database.journal.installation
    )  # first: what is in a file then is in the database afterwards
    with database.reading() as session:
        known = dict(session.execute(select(JournalAhead.host, JournalAhead.place)).all())
        ahead = _ahead(session, newest)
    if not ahead <= known.keys():
        with database.transaction() as session:
            _keep_in_mind(session, database.journal, ahead)
        known |= dict.fromkeys(ahead - known.keys(), database.journal.place)
    return sorted(set(known.values()))


def note_if_older(session: Session, journal: Journal) -> None:
    """Within a transaction that notes something: keep in mind which journals in our folder are ahead.

    A host that never sends (it serves the pages, say) tells the others so.
    """
    _keep_in_mind(session, journal, _ahead(session, journal.newest(name_of(session, journal))))


def name_of(session: Session, journal: Journal) -> str:
    """What the journals of this database are called: asked once, for it never changes."""
    journal.installation = journal.installation or installation_name(session)
    return journal.installation


def unknown(session: Session, marks: Sequence[str]) -> set[str]:
    """Which of these marks (hex) the database doesn't know."""
    missing = set(marks)
    for first in range(0, len(marks), _AT_ONCE):
        some = [bytes.fromhex(mark) for mark in marks[first : first + _AT_ONCE]]
        known = session.scalars(select(JournalEntry.mark).where(JournalEntry.mark.in_(some)))
        missing.difference_update(mark.hex() for mark in known)
    return missing


def _ahead(session: Session, newest: Mapping[str, Iterable[Entry]]) -> set[str]:
    """The hosts with an entry that the database doesn't know."""
    now = datetime.now(UTC)
    hosts = {entry.mark: host for host, entries in newest.items() for entry in entries if entry.counts(now)}
    return {hosts[mark] for mark in unknown(session, list(hosts))}


def _keep_in_mind(session: Session, journal: Journal, hosts: Collection[str]) -> None:
    for host in sorted(hosts):
        row = insert_with_conflicts(session, JournalAhead).values(
            host=host, place=journal.place[:_PLACE_LENGTH]
        )
        session.execute(row.on_conflict_do_nothing())  # another process may see it at the same moment
