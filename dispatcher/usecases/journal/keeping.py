"""Keep the files as complete as the database: what other hosts noted, what a full disk or a crash left out.

And the pulse: while messages are sent, an entry now and then, so that a copy of the database that was made
before they went out is known to be older.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, JournalEntry
from dispatcher.rules.journal import PULSES_KEPT, Pulse, write_facts
from dispatcher.usecases.journal.agreement import name_of
from dispatcher.usecases.journal.names import sealed_entry
from dispatcher.usecases.journal.noting import as_entry, note

_PULSE_EVERY = 60.0  # seconds
_ON_ITS_WAY = 5.0  # seconds: this host's own entries are written by whoever noted them
_OVERLAP = timedelta(minutes=1)  # entries may be committed out of order
_MOST = 500  # entries a time
_PULSE = write_facts([Pulse()])


def keep_up(house: House, *, idle: bool) -> None:
    """To be called each second by a worker that sweeps; `idle`: nothing is due at this moment.

    Reads first; writes a pulse once a minute while messages are sent, and once when no more are.
    """
    with house.db.reading() as session:
        newest_log = session.scalar(select(func.max(DeliveryLogEntry.at)))
        newest = session.scalar(select(func.max(JournalEntry.at)))
        waited = newest is None or session.scalar(select(newest < db_now(-_PULSE_EVERY)))
    if newest_log is not None and (newest is None or newest_log > newest) and (idle or waited):
        with house.db.transaction() as session:
            note(session, Pulse())
    copy_missing(house)


def copy_missing(house: House) -> None:
    """Copy to this host's file what the database has had for a while and the end of the file hasn't."""
    journal = house.db.journal
    with house.db.reading() as session:
        name = name_of(session, journal)
        try:
            tail = journal.tail(journal.own(name))
        except OSError:
            return  # `dispatch doctor` says it
        ours, settled = JournalEntry.host == journal.host, JournalEntry.at < db_now(-_ON_ITS_WAY)
        query = select(JournalEntry.mark).where(~ours | settled).order_by(JournalEntry.at)
        if tail.since is not None:
            query = query.where(JournalEntry.at > max(tail.since, tail.newest[-1].at - _OVERLAP))
        lacking = [mark for mark in session.scalars(query) if mark.hex() not in tail.marks]
    _copy(house, name, lacking[:_MOST])


def tidy(house: House) -> None:
    """Make this host's file complete and small again, with names of earlier releases sealed, and drop old
    pulses: at a worker's start, and after a backup. Raises OSError.
    """
    journal = house.db.journal
    with house.db.reading() as session:
        name = name_of(session, journal)
        has = {entry.mark for entry in journal.read(journal.files(name))}
        lacking = [mark for mark in session.scalars(select(JournalEntry.mark)) if mark.hex() not in has]
    for first in range(0, len(lacking), _MOST):
        _copy(house, name, lacking[first : first + _MOST])
    journal.compact(name, sealed_entry)
    old = JournalEntry.at < db_now(-PULSES_KEPT.total_seconds())
    with house.db.transaction() as session:
        session.execute(delete(JournalEntry).where(JournalEntry.words == _PULSE, old))


def _copy(house: House, name: str, marks: Sequence[bytes]) -> None:
    if not marks:
        return
    with house.db.reading() as session:
        rows = session.scalars(
            select(JournalEntry).where(JournalEntry.mark.in_(marks)).order_by(JournalEntry.at)
        )
        entries = [as_entry(row) for row in rows]
    house.db.journal.record(name, entries)
