"""`dispatch backup`: a consistent copy of the database in one file, while everybody goes on working."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from dispatcher.backups import checksum, postgresql_dump, sqlite_file
from dispatcher.backups.private_file import written_whole
from dispatcher.db import Database
from dispatcher.errors import FileUnusable
from dispatcher.house import House
from dispatcher.models import Alert, JournalEntry, List, Message, Subscriber
from dispatcher.rules.journal import BackedUp, write_facts
from dispatcher.usecases.journal.agreement import journals_ahead
from dispatcher.usecases.journal.keeping import tidy
from dispatcher.usecases.journal.noting import note

_BACKED_UP = write_facts([BackedUp()])
_COUNTED = (Subscriber, List, Alert, Message)


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made: what is in it. The data key isn't."""

    path: Path
    size: int  # bytes
    counts: dict[str, int]  # table -> rows
    journals_ahead: tuple[str, ...]  # where journals know more than the database that was copied


def back_up(house: House, path: Path, *, replace: bool = False) -> Backup:
    """Copy the database into a file for this user alone.

    The journal says afterwards that it was made: so whoever puts the copy back, by whatever means, is told
    that it is older. Raises BackupExists, FileUnusable, DiskFull, or what keeps PostgreSQL's programs from
    copying.
    """
    if house.db.sqlite and path.resolve() == Path(house.db.shown):
        raise FileUnusable(path=path, reason="it is the database itself")
    if replace:
        checksum.beside(path).unlink(missing_ok=True)  # it is of the file that was there
    with written_whole(path, replace=replace) as draft:
        counts = _copy_sqlite(house.db, draft) if house.db.sqlite else _copy_postgresql(house.db, draft)
    checksum.write(path)
    with house.db.transaction() as session:
        note(session, BackedUp())
    ahead = journals_ahead(house.db)
    if not ahead:
        with suppress(OSError):  # `dispatch doctor` says it
            tidy(house)
    return Backup(path, path.stat().st_size, counts, tuple(ahead))


def last_backup(session: Session) -> datetime | None:
    """When `dispatch backup` was last run to its end."""
    made = select(func.max(JournalEntry.at)).where(JournalEntry.words == _BACKED_UP)
    return session.scalar(made)


def _copy_sqlite(database: Database, draft: Path) -> dict[str, int]:
    sqlite_file.copy(database, draft)
    return sqlite_file.count(draft, [model.__tablename__ for model in _COUNTED])


def _copy_postgresql(database: Database, draft: Path) -> dict[str, int]:
    with _snapshot(database) as session:
        counts = {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in _COUNTED
        }
        server = int(session.scalars(text("SHOW server_version_num")).one()) // 10_000
        name = session.scalars(text("SELECT pg_export_snapshot()")).one()
        postgresql_dump.dump(database, draft, snapshot=name, server=server)
    return counts


@contextmanager
def _snapshot(database: Database) -> Iterator[Session]:
    """One moment of the database, for as long as it takes to copy it: what is counted is what is copied."""
    with database.reading() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        yield session
