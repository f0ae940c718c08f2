"""`dispatch restore`: verified first, put in place whole, and settled before anybody sends."""

from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from conftest import OpenHouse
from journals import AnotherHost, inside, jot, name_of, outside
from people import add_list, add_people
from sqlalchemy import inspect, text

from dispatcher.backups import sqlite_file
from dispatcher.backups.programs import newest, run
from dispatcher.crew import Crew, this_worker
from dispatcher.db import SCHEMA_VERSION, Database
from dispatcher.embedded import Embedded
from dispatcher.errors import (
    BackupBroken,
    BackupOfAnotherKind,
    BackupProgramFailed,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnreachable,
    WorkersRunning,
    WrongDataKey,
)
from dispatcher.house import House
from dispatcher.keyring import Keyring
from dispatcher.models import Alert
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import AlertState
from dispatcher.settings import load_settings
from dispatcher.usecases.backup import back_up
from dispatcher.usecases.journal import refuse_older_database
from dispatcher.usecases.migrate import alembic_config
from dispatcher.usecases.restore import Occupied, restore, what_is_there
from dispatcher.usecases.restoring.placing import into_postgresql
from dispatcher.usecases.restoring.verifying import verify
from dispatcher.usecases.steer import pause
from dispatcher.usecases.unsubscribe import unsubscribe

on_postgresql = pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)


@pytest.fixture
def town(any_house: House, tmp_path: Path) -> House:
    """Three people, and an alert that waits to be sent to them."""
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    with any_house.db.transaction() as session:
        pause(session, 1)
    return any_house


@pytest.fixture
def backup(town: House, tmp_path: Path) -> Path:
    back_up(town, tmp_path / "backup")
    return tmp_path / "backup"


def statuses(house: House) -> set[str]:
    return {str(message.status) for message in messages_of(house)}


def test_a_restored_database_is_paused_uncertain_and_replayed(town: House, backup: Path) -> None:
    with town.db.transaction() as session:
        unsubscribe(session, town.keys, "person1@example.org", "a letter")
    town.db.close()
    restored = restore(town.settings, town.keys, backup)
    assert (restored.database, restored.journals) == (town.db.shown, 1)
    assert (restored.replayed.held.alerts, restored.replayed.held.messages) == (1, 6)
    assert (restored.replayed.opt_outs, restored.replayed.lost_alerts) == (2, ())
    assert statuses(town) == {"uncertain"}
    with town.db.reading() as session:
        assert session.get_one(Alert, 1).state is AlertState.PAUSED
    refuse_older_database(town)
    known = {entry.mark for entry in inside(town)}
    assert {entry.mark for entry in outside(town)} == known


def test_a_database_that_is_missing_or_empty_is_made(
    town: House, backup: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/new.db" if town.db.sqlite else request.getfixturevalue("postgres_url")
    settings = town.settings.model_copy(update={"database_url": load_settings(database_url=url).database_url})
    assert what_is_there(settings, town.keys) is None
    restore(settings, town.keys, backup)
    assert what_is_there(settings, town.keys) == Occupied(Database(settings, town.keys).shown, 3)
    if town.db.sqlite:
        (tmp_path / "new.db").unlink()
        (tmp_path / "new.db").touch()
        assert what_is_there(settings, town.keys) is None
        assert (tmp_path / "new.db").stat().st_mode & 0o077 == 0o044  # as somebody has made it


def test_what_would_be_replaced_is_told_also_when_nobody_can_read_it(house: House) -> None:
    assert what_is_there(house.settings, house.keys) == Occupied(house.db.shown, 0)
    house.db.close()
    Path(str(house.db.url.database)).write_bytes(b"nothing that anybody can read" * 100)
    assert what_is_there(house.settings, house.keys) == Occupied(house.db.shown, None)


def test_a_server_that_does_not_answer_is_told(house: House) -> None:
    settings = load_settings(database_url="postgresql://us@127.0.0.1:1/people", data_key="k" * 32)
    with pytest.raises(DatabaseUnreachable):
        what_is_there(settings, house.keys)


def test_a_backup_of_an_older_release_is_brought_up_to_date(town: House, tmp_path: Path) -> None:
    with town.db.migrating() as connection:
        command.downgrade(alembic_config(connection), "0001")
    path = tmp_path / "old"
    if town.db.sqlite:
        sqlite_file.copy(town.db, path)
    else:
        run([newest("pg_dump"), "--format=custom", f"--file={path}"], town.db.url)
    with town.db.migrating() as connection:
        command.upgrade(alembic_config(connection), "head")
    town.db.close()
    restore(town.settings, town.keys, path)
    with town.db.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA_VERSION
        assert "journal_entries" in inspect(session.connection()).get_table_names()
    assert statuses(town) == {"uncertain"}


@pytest.fixture
def on_sqlite(house: House, tmp_path: Path) -> Path:
    """A backup of an empty SQLite database."""
    back_up(house, tmp_path / "backup.db")
    return tmp_path / "backup.db"


def test_a_backup_that_is_not_whole_changes_nothing(house: House, on_sqlite: Path) -> None:
    add_list(house)
    on_sqlite.write_bytes(on_sqlite.read_bytes()[:-4096])
    with pytest.raises(BackupBroken):
        restore(house.settings, house.keys, on_sqlite)
    (on_sqlite.parent / "backup.db.sha256").unlink()
    with pytest.raises(BackupBroken):
        restore(house.settings, house.keys, on_sqlite)
    (on_sqlite.parent / "notes").write_text("milk, bread")
    with pytest.raises(BackupBroken, match="neither a database of SQLite nor a dump of PostgreSQL"):
        restore(house.settings, house.keys, on_sqlite.parent / "notes")
    with pytest.raises(BackupBroken, match="it is the database itself"):
        restore(house.settings, house.keys, Path(house.db.shown))
    assert len(inside(house)) == 1


def test_a_backup_made_with_another_data_key_is_refused(house: House, on_sqlite: Path) -> None:
    with pytest.raises(WrongDataKey):
        restore(house.settings, Keyring("another key that is as long as it has to be"), on_sqlite)


def test_a_backup_of_a_newer_release_is_refused(house: House, tmp_path: Path) -> None:
    with house.db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    back_up(house, tmp_path / "newer")
    with pytest.raises(DatabaseNewer, match="9999"):
        restore(house.settings, house.keys, tmp_path / "newer")


def test_a_backup_of_the_other_kind_of_database_is_refused(
    house: House, on_sqlite: Path, postgres_url: str
) -> None:
    settings = load_settings(database_url=postgres_url, data_key="k" * 32)
    with pytest.raises(BackupOfAnotherKind, match="is a backup of SQLite"):
        restore(settings, house.keys, on_sqlite)
    on_sqlite.write_bytes(b"PGDMP")
    (on_sqlite.parent / "backup.db.sha256").unlink()
    with pytest.raises(BackupOfAnotherKind, match="is a backup of PostgreSQL"):
        restore(house.settings, house.keys, on_sqlite)


def test_workers_that_run_are_to_be_stopped_first(
    open_house_with: OpenHouse, redis_url: str, on_sqlite: Path
) -> None:
    house = open_house_with(redis_url=redis_url)
    with closing(Crew(redis_of(house.settings))) as crew:
        worker = this_worker(2)
        crew.say_alive(worker)
        with pytest.raises(WorkersRunning, match="Stop them first"):
            restore(house.settings, house.keys, on_sqlite)
        crew.say_gone(worker)
    restore(house.settings, house.keys, on_sqlite)


def test_a_background_worker_is_to_be_stopped_first(house: House, on_sqlite: Path) -> None:
    with Embedded(house.settings) as embedded:
        embedded.begin_work()
        with pytest.raises(WorkersRunning):
            restore(house.settings, house.keys, on_sqlite)
    restore(house.settings, house.keys, on_sqlite)


def test_without_any_journal_here_it_is_said(town: House, backup: Path) -> None:
    town.db.journal.own(name_of(town)).unlink()
    town.db.close()
    restored = restore(town.settings, town.keys, backup)
    assert restored.journals == (0 if town.db.sqlite else 1)  # there it is told of before
    assert statuses(town) == {"uncertain"}


@on_postgresql
def test_a_restore_that_is_cut_off_before_it_is_settled_leaves_nobody_sending(
    any_house: House, tmp_path: Path
) -> None:
    """On SQLite the copy is settled before it takes its place."""
    house = any_house
    back_up(house, tmp_path / "backup")
    house.db.journal.own(name_of(house)).unlink()  # even so
    contents = verify(house.settings, house.keys, tmp_path / "backup")

    def killed(_settings: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        into_postgresql(house.settings, house.keys, tmp_path / "backup", contents, killed)
    with pytest.raises(DatabaseOlder):
        refuse_older_database(house)


@on_postgresql
def test_what_pg_restore_refuses_leaves_the_database_as_it_was(town: House, backup: Path) -> None:
    with town.db.transaction() as session:
        session.execute(text("CREATE VIEW theirs AS SELECT slug FROM lists"))
    town.db.close()
    with pytest.raises(BackupProgramFailed):
        restore(town.settings, town.keys, backup)
    assert statuses(town) == {"queued"}


def test_a_restore_gives_up_the_flags_of_hosts_that_were_ahead_before(town: House, backup: Path) -> None:
    with AnotherHost(town):
        jot(town)
    town.db.close()
    restore(town.settings, town.keys, backup)
    refuse_older_database(town)
