"""Migrations go up, down and up again on both databases, match the models, and fail without a trace."""

import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, inspect, select, text

from dispatcher.db import SCHEMA_VERSION, Database, database_url
from dispatcher.errors import DatabaseBusy, DatabaseNewer, DatabaseUnreachable, WrongDataKey
from dispatcher.house import House
from dispatcher.keyring import Keyring, load_keyring
from dispatcher.models import Base, Installation, List, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.settings import Settings, load_settings
from dispatcher.usecases.migrate import alembic_config, upgrade
from houses import DATA_KEY

KEYS = Keyring(DATA_KEY)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a database that isn't there yet (SQLite) or is empty (PostgreSQL)."""
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'new.db'}" if on_sqlite else request.getfixturevalue("postgres_url")
    return load_settings(database_url=url, data_key=DATA_KEY)


@pytest.fixture
def upgraded(empty: Settings) -> Iterator[Database]:
    """A database that was just brought up to date."""
    database = upgrade(empty, KEYS)
    yield database
    database.close()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": False})
    return [found for found in compare_metadata(context, Base.metadata) if found]


def tables(database: Database) -> set[str]:
    with database.reading() as session:
        return set(inspect(session.connection()).get_table_names())


def test_migrations_make_what_the_models_say(upgraded: Database) -> None:
    with upgraded.reading() as session:
        assert differences(session.connection()) == []


def test_partial_indexes_hold_the_rows_that_the_models_say(upgraded: Database) -> None:
    partial = [
        index for table in Base.metadata.sorted_tables for index in table.indexes if "where" in index.info
    ]
    assert len(partial) >= 5
    with upgraded.reading() as session:
        for index in partial:
            assert index.table is not None
            (found,) = [
                one
                for one in inspect(session.connection()).get_indexes(index.table.name)
                if one["name"] == index.name
            ]
            dialect = session.get_bind().dialect.name
            made = str(found["dialect_options"][f"{dialect}_where"])
            words = index.info["where"].replace("'", "").replace("(", "").replace(")", "")
            assert set(words.replace(",", "").split()) - {"IN", "=", "AND"} <= set(re.findall(r"\w+", made))


def test_columns_have_the_width_and_nullability_that_the_models_say(upgraded: Database) -> None:
    with upgraded.reading() as session:
        inspector = inspect(session.connection())
        for table in Base.metadata.sorted_tables:
            found = {column["name"]: column for column in inspector.get_columns(table.name)}
            dialect = session.connection().dialect
            for column in table.columns:
                place = f"{table.name}.{column.name}"
                assert found[column.name]["nullable"] == bool(column.nullable), place
                made = found[column.name]["type"].compile(dialect=dialect)
                assert made == column.type.compile(dialect=dialect), place


def test_migrations_go_up_down_and_up_again(upgraded: Database) -> None:
    before = tables(upgraded)
    with upgraded.migrating() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert tables(upgraded) <= {"alembic_version", "sqlite_sequence"}
    with upgraded.migrating() as connection:
        command.upgrade(alembic_config(connection), "head")
        assert differences(connection) == []
    assert tables(upgraded) == before


def test_the_programs_version_is_the_newest_migration(house: House) -> None:
    with house.db.migrating() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
    assert scripts.get_heads() == [SCHEMA_VERSION]
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert sorted(revisions, reverse=True) == revisions  # numbered in order: 0001, 0002, ...


def test_upgrading_what_is_up_to_date_changes_nothing(empty: Settings) -> None:
    upgrade(empty, KEYS).close()
    again = upgrade(empty, KEYS)
    with again.reading() as session:
        assert session.scalars(select(Installation.data_key_fingerprint)).all() == [KEYS.fingerprint]
    again.close()


def test_another_data_key_is_refused(empty: Settings) -> None:
    upgrade(empty, KEYS).close()
    with pytest.raises(WrongDataKey):
        upgrade(empty, Keyring("another key that is as long as it has to be"))


def test_a_newer_database_is_not_touched(empty: Settings) -> None:
    newer = upgrade(empty, KEYS)
    with newer.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match="version 9999"):
        upgrade(empty, KEYS)
    with newer.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    newer.close()


def test_a_migration_that_fails_leaves_nothing_behind(upgraded: Database) -> None:
    before = tables(upgraded)
    with pytest.raises(ZeroDivisionError), upgraded.migrating() as connection:
        command.downgrade(alembic_config(connection), "base")
        _ = 1 // 0
    assert tables(upgraded) == before


def test_rebuilding_a_table_keeps_the_rows_that_hang_on_it(upgraded: Database) -> None:
    """SQLite alters a table by making it anew: dropping the old one must leave its children's rows alone."""
    with upgraded.transaction() as session:
        session.add_all([subscriber := Subscriber(), daca := List(slug="daca", public_name="ICIRR alerts")])
        session.flush()
        ids = {"list_id": daca.id, "subscriber_id": subscriber.id}
        session.add(Subscription(**ids, channel=Channel.EMAIL, address_key=b"k" * 16))
    with upgraded.migrating() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("subscribers") as batch:
            batch.alter_column("language", existing_type=String(35), type_=String(40))
    with upgraded.reading() as session:
        assert len(session.scalars(select(Subscription)).all()) == 1
        if upgraded.sqlite:
            assert session.scalar(text("PRAGMA foreign_keys")) == 1  # on again afterwards


def test_a_migration_that_orphans_rows_is_refused(house: House) -> None:
    with house.db.transaction() as session:
        session.add_all([subscriber := Subscriber(), daca := List(slug="daca", public_name="ICIRR alerts")])
        session.flush()
        ids = {"list_id": daca.id, "subscriber_id": subscriber.id}
        session.add(Subscription(**ids, channel=Channel.EMAIL, address_key=b"k" * 16))
    with pytest.raises(RuntimeError, match="left 1 rows"), house.db.migrating() as connection:
        connection.execute(text("DELETE FROM subscribers"))
    with house.db.reading() as session:
        assert len(session.scalars(select(Subscriber)).all()) == 1


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_a_migration_does_not_queue_behind_a_long_transaction(
    upgraded: Database, empty: Settings, open_house_with: Callable[..., House]
) -> None:
    with open_house_with(database_url=empty.database_url).db.transaction() as session:
        session.execute(text("LOCK TABLE lists"))
        with pytest.raises(DatabaseBusy), upgraded.migrating() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '20ms'"))
            command.downgrade(alembic_config(connection), "base")


def test_the_file_of_a_new_database_is_for_its_user_alone(tmp_path: Path) -> None:
    settings = load_settings()
    upgrade(settings, load_keyring(settings, create=True)).close()
    file = tmp_path / "var" / "dispatch.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/nowhere/people.db", data_key=DATA_KEY)
    with pytest.raises(DatabaseUnreachable, match=r"nowhere/people\.db can't be reached: No such file"):
        upgrade(settings, KEYS)


def test_a_folder_with_odd_characters_holds_a_database_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_house_with: Callable[..., House]
) -> None:
    odd = tmp_path / "año 100% (nuevo) #1"
    odd.mkdir()
    monkeypatch.chdir(odd)
    settings = load_settings()
    upgrade(settings, load_keyring(settings, create=True)).close()
    assert Path(database_url(settings).database or "") == odd / "var" / "dispatch.db"
    assert open_house_with(database_url=None, data_key=None).db.now().tzinfo
