"""Backups of SQLite, while others write, and what is told of files that aren't whole."""

import resource
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from people import add_list, add_people
from sqlalchemy import text

from dispatcher.backups import sqlite_file
from dispatcher.db import SCHEMA_VERSION
from dispatcher.errors import BackupBroken, DatabaseBusy, DatabaseUnreachable, DiskFull
from dispatcher.house import House
from dispatcher.models import List


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def copy(house: House, tmp_path: Path) -> Path:
    """A copy of a database with three people."""
    add_list(house)
    add_people(house, 3)
    sqlite_file.copy(house.db, tmp_path / "copy.db")
    return tmp_path / "copy.db"


def test_a_copy_is_whole_and_says_what_it_is(house: House, copy: Path) -> None:
    sqlite_file.check(copy)
    contents = sqlite_file.look(copy)
    assert (contents.version, contents.fingerprint) == (SCHEMA_VERSION, house.keys.fingerprint)
    assert sqlite_file.count(copy, ["subscribers", "messages"]) == {"subscribers": 3, "messages": 0}
    assert rows(copy, "SELECT seq FROM sqlite_sequence WHERE name = 'subscribers'") == [(3,)]


def test_looking_leaves_no_files_beside_the_copy(copy: Path) -> None:
    sqlite_file.look(copy)
    sqlite_file.check(copy)
    assert [path.name for path in copy.parent.glob("copy*")] == ["copy.db"]


def test_a_copy_made_while_somebody_writes_is_of_one_moment(house: House, tmp_path: Path) -> None:
    """Each transaction adds two lists: a copy with an odd number would be torn."""
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with house.db.transaction() as session:
                for half in "ab":
                    session.add(List(slug=f"{len(written)}{half}", public_name="x" * 2000))
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for nth in range(10):
            sqlite_file.copy(house.db, tmp_path / f"{nth}.db")
    finally:
        stop.set()
        writer.join()
    numbers = [sqlite_file.count(tmp_path / f"{nth}.db", ["lists"])["lists"] for nth in range(10)]
    assert all(number % 2 == 0 for number in numbers)
    assert numbers == sorted(numbers)
    assert numbers[-1] > 0
    sqlite_file.check(tmp_path / "9.db")


def test_nothing_that_was_deleted_is_in_a_copy(house: House, tmp_path: Path) -> None:
    with house.db.transaction() as session:
        session.add(List(slug="undocumented", public_name="gone " * 500))
    with house.db.transaction() as session:
        session.execute(text("DELETE FROM lists"))
    sqlite_file.copy(house.db, tmp_path / "copy.db")
    assert b"gone gone" not in (tmp_path / "copy.db").read_bytes()


@pytest.mark.parametrize("harm", ["cut", "changed", "of something else", "empty", "without a key"])
def test_a_file_that_is_not_whole_is_refused(copy: Path, harm: str) -> None:
    whole = copy.read_bytes()
    if harm == "cut":
        copy.write_bytes(whole[: len(whole) // 2])
    elif harm == "changed":
        middle = len(whole) // 2
        copy.write_bytes(whole[:middle] + bytes(8192) + whole[middle + 8192 :])
    elif harm == "of something else":
        copy.unlink()
        rows(copy, "CREATE TABLE songs (words TEXT)")
    elif harm == "empty":
        copy.write_bytes(b"")
    else:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("DELETE FROM installation")
            connection.commit()
    with pytest.raises(BackupBroken, match="can't be restored"):
        sqlite_file.look(copy)
        sqlite_file.check(copy)


def test_a_copy_takes_the_place_of_a_database_that_others_have_open(house: House, copy: Path) -> None:
    with house.db.transaction() as session:
        session.add(List(slug="later", public_name="later"))
    sqlite_file.put_into(copy, Path(str(house.db.url.database)))
    with house.db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM lists")) == 1
    add_list(house, "senators")  # and they go on with it
    with house.db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM lists")) == 2


def test_a_database_that_somebody_keeps_locked_is_not_replaced(house: House, copy: Path) -> None:
    with house.db.transaction() as session:
        session.add(List(slug="later", public_name="later"))
        session.flush()
        with pytest.raises(DatabaseBusy):
            sqlite_file.put_into(copy, Path(str(house.db.url.database)), patience=0.05)


def test_a_broken_database_is_replaced_with_what_it_left_behind(copy: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    for suffix in ("", "-wal", "-shm", "-journal"):
        broken.with_name(broken.name + suffix).write_bytes(b"nothing that anybody can read" * 100)
    sqlite_file.put_into(copy, broken)
    assert rows(broken, "SELECT count(*) FROM subscribers") == [(3,)]
    assert b"nothing that" not in b"".join(path.read_bytes() for path in tmp_path.glob("broken*"))


def test_a_full_disk_and_a_folder_that_is_gone_are_told(house: House, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match="unable to open"):
        sqlite_file.copy(house.db, tmp_path / "nowhere" / "copy.db")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(DiskFull):
            sqlite_file.copy(house.db, tmp_path / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
