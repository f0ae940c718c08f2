"""Backups of PostgreSQL by its own programs: of one moment, whole or refused, and put back whole or not."""

from pathlib import Path

import pytest
from people import add_list, add_people
from sqlalchemy import select, text

from dispatcher.backups import postgresql_dump
from dispatcher.backups.programs import newest, run
from dispatcher.db import SCHEMA_VERSION
from dispatcher.errors import BackupBroken, BackupProgramFailed
from dispatcher.house import House
from dispatcher.models import List
from servers.postgres import RAW_PASSWORD, RAW_ROLE

pytestmark = pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)


def take(house: House, path: Path) -> Path:
    with house.db.reading() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        name = session.scalars(text("SELECT pg_export_snapshot()")).one()
        with house.db.transaction() as other:  # later than the snapshot: not in the copy
            other.add(List(slug="later", public_name="later"))
        postgresql_dump.dump(house.db, path, snapshot=name, server=15)
    return path


def slugs(house: House) -> list[str]:
    with house.db.reading() as session:
        return sorted(session.scalars(select(List.slug)))


@pytest.fixture
def dump(any_house: House, tmp_path: Path) -> Path:
    """A dump of a database with one list and many people."""
    add_list(any_house)
    add_people(any_house, 500)
    return take(any_house, tmp_path / "people.dump")


def test_a_dump_is_of_one_moment_and_says_what_it_is(any_house: House, dump: Path) -> None:
    contents = postgresql_dump.look(dump)
    assert (contents.version, contents.fingerprint) == (SCHEMA_VERSION, any_house.keys.fingerprint)
    assert {"messages", "subscribers", "installation"} <= postgresql_dump.tables(dump)
    postgresql_dump.check(dump)
    any_house.db.close()
    postgresql_dump.restore(any_house.db.url, dump)
    assert slugs(any_house) == ["daca"]
    assert add_list(any_house, "senators") > 1  # numbers go on where they were


@pytest.mark.parametrize("harm", ["cut", "changed", "something else"])
def test_a_dump_that_is_not_whole_is_refused(dump: Path, harm: str) -> None:
    whole = dump.read_bytes()
    if harm == "cut":
        dump.write_bytes(whole[: len(whole) * 3 // 4])
    elif harm == "changed":
        place = len(whole) * 3 // 4  # among the people
        dump.write_bytes(whole[:place] + bytes(8) + whole[place + 8 :])
    else:
        dump.write_bytes(b"PGDMP and nothing more")
    with pytest.raises(BackupBroken, match="can't be restored"):
        postgresql_dump.look(dump)
        postgresql_dump.check(dump)


def test_a_dump_of_another_program_is_refused(any_house: House, tmp_path: Path) -> None:
    with any_house.db.transaction() as session:
        session.execute(text("CREATE TABLE songs (words text)"))
    path = tmp_path / "songs.dump"
    run([newest("pg_dump"), "--format=custom", "--table=songs", f"--file={path}"], any_house.db.url)
    with pytest.raises(BackupBroken, match="isn't of a database of Dispatcher"):
        postgresql_dump.look(path)


def test_what_cannot_be_put_back_changes_nothing(any_house: House, dump: Path) -> None:
    with any_house.db.transaction() as session:  # somebody's own view: the table can't be dropped
        session.execute(text("CREATE VIEW theirs AS SELECT slug FROM lists"))
    with pytest.raises(BackupProgramFailed, match="pg_restore"):
        postgresql_dump.restore(any_house.db.url, dump)
    assert slugs(any_house) == ["daca", "later"]


def test_a_password_with_odd_characters_works(any_house: House) -> None:
    url = any_house.db.url.set(username=RAW_ROLE, password=RAW_PASSWORD)
    assert run([newest("pg_dump"), "--schema-only", "--no-password"], url).startswith("--\n-- PostgreSQL")
    with pytest.raises(BackupProgramFailed):
        run([newest("pg_dump"), "--schema-only", "--no-password"], url.set(password="wrong"))
