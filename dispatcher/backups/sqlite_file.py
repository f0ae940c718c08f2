"""Backups of SQLite: a file that is a database itself."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from dispatcher.backups.contents import Contents
from dispatcher.db import Database
from dispatcher.errors import BackupBroken, DatabaseBusy, DatabaseUnreachable, DiskFull

MAGIC = b"SQLite format 3\0"
_PATIENCE = 30.0  # seconds for another's lock


def copy(database: Database, draft: Path) -> None:
    """Copy the database as it is at this moment, whoever writes meanwhile: they don't wait for it.

    VACUUM leaves out what deleted rows have left behind: nobody who was forgotten is in the copy.
    """
    with _connected(str(database.url.database)) as connection, _in_words(database.shown, writes=draft):
        connection.execute("VACUUM INTO ?", (str(draft),))


def put_into(source: Path, target: Path, *, patience: float = _PATIENCE) -> None:
    """Have `source` take the place of a database, whether that one is missing, open elsewhere, or broken.

    Raises DatabaseBusy when somebody keeps it locked for longer than `patience` seconds.
    """
    if target.exists():
        try:
            _overwrite(source, target, patience)
        except sqlite3.DatabaseError:
            pass  # nobody can read it any more
        else:
            return
    for leftover in ("-wal", "-shm", "-journal"):  # SQLite would play another database's into ours
        target.with_name(f"{target.name}{leftover}").unlink(missing_ok=True)
    source.replace(target)


def _overwrite(source: Path, target: Path, patience: float) -> None:
    """In one transaction, for those who have it open."""
    there, ours = _connected(str(target), patience), _connected(str(source))
    with _in_words(str(target), writes=target), there as over, ours as connection:
        connection.backup(over, progress=_not_for_ever(target, patience))


def check(path: Path) -> None:
    """Read the whole file. Raises BackupBroken when anything in it isn't as it was written."""
    with _read_only(path) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise BackupBroken(path=path, problem="SQLite says that it isn't whole")


def look(path: Path) -> Contents:
    """Raises BackupBroken for a file that isn't a database of ours."""
    with _read_only(path) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        row = connection.execute("SELECT data_key_fingerprint, created_at FROM installation").fetchone()
    if row is None:
        raise BackupBroken(path=path, problem="it never had a data key")
    return Contents(version, row[0], datetime.fromisoformat(row[1]).replace(tzinfo=UTC))


def count(path: Path, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each of these tables of a backup has."""
    with _read_only(path) as connection:
        return {
            table: int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - our own tables
            for table in tables
        }


def _not_for_ever(target: Path, patience: float) -> Callable[[int, int, int], None]:
    """The module waits for a locked database without end: after each try this ends it in time."""
    end = time.monotonic() + patience

    def look(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
            raise DatabaseBusy(where=target)

    return look


@contextlib.contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"{path.absolute().as_uri()}?immutable=1"  # a copy: nobody writes to it, and we make no files
    try:
        with _connected(address, uri=True) as connection:
            yield connection
    except (sqlite3.DatabaseError, TypeError) as error:  # TypeError: no row where one must be
        raise BackupBroken(path=path, problem="it isn't a database of Dispatcher, or isn't whole") from error


@contextlib.contextmanager
def _connected(
    address: str, patience: float = _PATIENCE, *, uri: bool = False
) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(address, timeout=patience, isolation_level=None, uri=uri)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def _in_words(where: str, *, writes: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        kind = error.sqlite_errorcode & 0xFF  # the rest says more than anybody needs
        if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DatabaseBusy(where=where) from error
        if kind in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise DiskFull(where=writes) from error
        raise DatabaseUnreachable(where=where, reason=str(error)) from error
