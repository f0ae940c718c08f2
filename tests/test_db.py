"""The database, on SQLite and PostgreSQL alike: transactions, clocks, encrypted columns, what goes wrong."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from dispatcher.db import (
    SCHEMA_VERSION,
    Database,
    after_commit,
    before_commit,
    database_url,
    db_now,
    open_database,
    shown_url,
)
from dispatcher.errors import (
    DatabaseBusy,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseNotMigrated,
    DatabaseUnreachable,
    DiskFull,
    WrongDataKey,
)
from dispatcher.house import House, open_house
from dispatcher.keyring import Keyring
from dispatcher.models import List, Subscriber
from dispatcher.settings import load_settings
from houses import DATA_KEY
from servers.local import free_port
from servers.postgres import RAW_PASSWORD, RAW_ROLE, PostgresServer

OpenHouse = Callable[..., House]
EMAIL = "rosa.delgado@example.org"
on_postgresql = pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)


def slugs(db: Database) -> list[str]:
    with db.reading() as session:
        return sorted(session.scalars(select(List.slug)))


def test_a_transaction_is_committed_at_its_end(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
    assert slugs(any_house.db) == ["daca"]


def test_a_transaction_that_fails_leaves_nothing(any_house: House) -> None:
    done: list[str] = []
    with pytest.raises(ZeroDivisionError), any_house.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
        session.flush()
        after_commit(session, lambda: done.append("too early"))
        _ = 1 // 0
    assert slugs(any_house.db) == []
    assert done == []


def test_what_waits_for_the_commit_runs_after_it_in_order(any_house: House) -> None:
    seen: list[tuple[str, list[str]]] = []
    with any_house.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
        after_commit(session, lambda: seen.append(("first", slugs(any_house.db))))
        after_commit(session, lambda: seen.append(("second", slugs(any_house.db))))
        assert seen == []
    assert seen == [("first", ["daca"]), ("second", ["daca"])]


def test_what_waits_for_the_end_of_a_transaction_is_part_of_it(any_house: House) -> None:
    with any_house.db.transaction() as session:
        before_commit(session, lambda: session.add(List(slug="daca", public_name="ICIRR alerts")))
        session.flush()
        assert session.scalars(select(List.slug)).all() == []
    assert slugs(any_house.db) == ["daca"]


def test_reading_stores_nothing(any_house: House) -> None:
    with any_house.db.reading() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
    assert slugs(any_house.db) == []


def test_a_broken_promise_of_the_schema_is_not_called_an_unreachable_database(any_house: House) -> None:
    with pytest.raises(IntegrityError), any_house.db.transaction() as session:
        session.add_all([List(slug="daca", public_name="A"), List(slug="daca", public_name="B")])


def test_a_moment_comes_back_in_utc_whatever_zone_it_was_written_in(any_house: House) -> None:
    chicago = timezone(timedelta(hours=-5))
    with any_house.db.transaction() as session:
        moment = datetime(2026, 5, 12, 20, 30, 0, 123456, tzinfo=chicago)
        session.add(List(slug="daca", public_name="ICIRR alerts", created_at=moment))
    with any_house.db.reading() as session:
        stored = session.scalars(select(List.created_at)).one()
    assert stored == datetime(2026, 5, 13, 1, 30, 0, 123456, tzinfo=UTC)
    assert stored.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(any_house: House) -> None:
    naive = datetime(2026, 5, 12, 20, 30)  # noqa: DTZ001 - that is the mistake
    with pytest.raises(StatementError, match="without its zone"), any_house.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts", created_at=naive))


def test_the_database_tells_the_time_of_now_and_of_any_moment_near_it(any_house: House) -> None:
    with any_house.db.reading() as session:
        now, later, earlier = session.execute(select(db_now(), db_now(90), db_now(-0.5))).one()
    assert timedelta(seconds=89) < later - now < timedelta(seconds=91)
    assert timedelta(seconds=-2) < earlier - now < timedelta(0)
    assert now.tzinfo is UTC


def test_stored_moments_compare_with_the_databases_clock(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add(List(slug="past", public_name="P", created_at=db_now(-1)))
        session.add(List(slug="now", public_name="N"))
        session.add(List(slug="future", public_name="F", created_at=db_now(3600)))
    with any_house.db.reading() as session:
        due = select(List.slug).where(List.created_at <= db_now()).order_by(List.id)
        assert session.scalars(due).all() == ["past", "now"]
        written = session.scalars(select(List.created_at).where(List.slug == "past")).one()
        assert session.scalars(select(List.slug).where(List.created_at == written)).all() == ["past"]


def test_every_moment_that_sqlite_stores_has_the_same_width_so_that_text_compares_as_time(
    house: House,
) -> None:
    with house.db.transaction() as session:
        session.add(List(slug="by clock", public_name="C"))
        session.add(List(slug="by us", public_name="U", created_at=datetime(2026, 5, 12, tzinfo=UTC)))
        session.flush()
        session.execute(update(List).where(List.slug == "by clock").values(created_at=db_now(12.25)))
    with house.db.reading() as session:
        widths = session.scalars(text("SELECT DISTINCT length(created_at) FROM lists")).all()
    assert widths == [len("2026-05-12 00:00:00.000000")]


def test_addresses_and_names_are_stored_as_ciphertext(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add_all([Subscriber(email=EMAIL, first_name="Rosa"), Subscriber(email=EMAIL)])
    with any_house.db.reading() as session:
        assert session.scalars(select(Subscriber.email)).all() == [EMAIL, EMAIL]
        raw = [bytes(value) for value in session.scalars(text("SELECT email FROM subscribers"))]
    assert len(set(raw)) == 2  # the same text twice doesn't look the same
    assert not any(b"example" in value for value in raw)


def test_names_of_lists_are_stored_as_ciphertext_and_found_by_equality_alone(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add_all([List(slug=slug, public_name="ICIRR alerts") for slug in ("daca", "healthcare")])
    with any_house.db.reading() as session:
        assert session.scalars(select(List.slug).where(List.slug == "daca")).one() == "daca"
        assert set(session.scalars(select(List.slug).where(List.slug.in_(["daca", "x"])))) == {"daca"}
        assert session.scalars(select(List.slug).where(List.slug != "daca")).one() == "healthcare"
        raw = [bytes(value) for value in session.scalars(text("SELECT slug FROM lists"))]
    assert len({len(value) for value in raw}) == 1  # four letters look like ten
    assert not any(b"dac" in value or b"health" in value for value in raw)
    for comparison in (List.slug.__lt__, List.slug.__ge__, List.slug.is_distinct_from):
        with pytest.raises(TypeError, match=r"lists\.slug is sealed: it can be compared for equality alone"):
            comparison("d")


def test_a_ciphertext_moved_to_another_column_is_not_believed(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add(Subscriber(email=EMAIL, first_name="Rosa"))
        session.flush()
        session.execute(text("UPDATE subscribers SET first_name = email"))
    with any_house.db.reading() as session, pytest.raises(WrongDataKey):
        session.scalars(select(Subscriber.first_name)).all()


def test_what_is_deleted_is_overwritten_in_the_file(house: House, tmp_path: Path) -> None:
    def files() -> bytes:
        house.db.close()  # the last connection empties the log into the file
        return b"".join(path.read_bytes() for path in (tmp_path / "var").glob("dispatch.db*"))

    with house.db.transaction() as session:
        session.add_all([Subscriber(postal_code="60608-XYLO"), Subscriber(postal_code="60609")])
    assert b"60608-XYLO" in files()
    with house.db.transaction() as session:
        session.execute(delete(Subscriber).where(Subscriber.postal_code == "60608-XYLO"))
    assert b"XYLO" not in files()


def test_nothing_is_stored_as_nothing(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add(Subscriber(email=None))
    with any_house.db.reading() as session:
        assert session.scalars(text("SELECT email FROM subscribers")).one() is None
        assert session.scalars(select(Subscriber.email)).one() is None


def test_a_missing_file_is_refused_with_its_full_path_and_not_created(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing) as refusal:
        open_house()
    assert str(tmp_path / "var" / "dispatch.db") in str(refusal.value)
    assert "dispatch db upgrade" in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_a_relative_path_is_shown_in_full(tmp_path: Path) -> None:
    settings = load_settings(database_url="sqlite:///people.db")
    assert shown_url(database_url(settings)) == str(tmp_path / "people.db")


def test_a_file_that_is_no_database_is_named(open_house_with: OpenHouse, tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear all, " * 1000)
    with pytest.raises(DatabaseUnreachable, match=r"letter\.db can't be reached: file is not a database"):
        open_house_with(database_url=f"sqlite:///{letter}")
    assert letter.read_text().startswith("Dear all")


def test_a_server_that_does_not_answer_is_named_without_its_password(open_house_with: OpenHouse) -> None:
    port = free_port()
    with pytest.raises(DatabaseUnreachable) as refusal:
        open_house_with(database_url=f"postgresql://me:sesame@127.0.0.1:{port}/people?password=sesame")
    assert f"postgresql://me:***@127.0.0.1:{port}/people can't be reached" in str(refusal.value)
    assert "sesame" not in str(refusal.value)


def test_an_option_that_the_server_does_not_know_is_told(
    open_house_with: OpenHouse, postgres_url: str
) -> None:
    with pytest.raises(DatabaseUnreachable, match='invalid connection option "sslmood"'):
        open_house_with(database_url=f"{postgres_url}?sslmood=good")


def test_a_password_works_as_it_was_handed_out(open_house_with: OpenHouse, postgres: PostgresServer) -> None:
    with postgres.database() as url, pytest.raises(DatabaseNotMigrated):  # so we were let in
        open_house_with(database_url=url.replace("dispatcher@", f"{RAW_ROLE}:{RAW_PASSWORD}@"))
    with (
        postgres.database() as url,
        pytest.raises(DatabaseUnreachable, match="password authentication failed"),
    ):
        open_house_with(database_url=url.replace("dispatcher@", f"{RAW_ROLE}:wrong@"))


def test_a_server_is_reached_over_its_socket(open_house_with: OpenHouse, postgres: PostgresServer) -> None:
    with postgres.database() as url, pytest.raises(DatabaseNotMigrated):
        name = url.rpartition("/")[2]
        socket = f"host={postgres.folder}&port={postgres.port}"
        open_house_with(database_url=f"postgresql://dispatcher@/{name}?{socket}")


def test_the_brackets_of_an_ipv6_address_stay_out_of_what_the_driver_gets() -> None:
    url = database_url(load_settings(database_url="postgresql://me@[::1]:5432/people"))
    assert url.host == "::1"
    assert shown_url(url) == "postgresql://me@[::1]:5432/people"


@on_postgresql
def test_a_server_that_goes_away_in_the_middle_is_told_as_such(any_house: House) -> None:
    with pytest.raises(DatabaseUnreachable), any_house.db.transaction() as session:
        mine = session.scalar(text("SELECT pg_backend_pid()"))
        with any_house.db.transaction() as other:
            other.execute(text(f"SELECT pg_terminate_backend({mine})"))
        session.execute(text("SELECT 1"))
    assert any_house.db.now().tzinfo is UTC  # the next connection is a new one


def test_a_database_without_tables_is_sent_to_be_upgraded(
    open_house_with: OpenHouse, postgres_url: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.db").touch()
    for url in (f"sqlite:///{tmp_path}/empty.db", postgres_url):
        with pytest.raises(DatabaseNotMigrated, match=f"version none, .* needs {SCHEMA_VERSION}"):
            open_house_with(database_url=url)


def test_a_database_of_a_newer_release_is_refused(
    any_house: House, any_database_url: str, open_house_with: OpenHouse
) -> None:
    with any_house.db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match=r"newer Dispatcher \(version 9999\)"):
        open_house_with(database_url=any_database_url)


def test_a_database_made_with_another_key_is_refused(
    any_database_url: str, open_house_with: OpenHouse
) -> None:
    with pytest.raises(WrongDataKey, match="DISPATCH_DATA_KEY"):
        open_house_with(database_url=any_database_url, data_key="another key that is as long as it has to be")


def test_a_file_that_somebody_else_keeps_locked_is_told_busy(
    house: House, open_house_with: OpenHouse
) -> None:
    hurried = open_house_with(database_url=f"sqlite:///{house.db.url.database}?timeout=0.05")
    with house.db.transaction(), pytest.raises(DatabaseBusy, match="Nothing was changed"):  # noqa: SIM117
        with hurried.db.transaction():
            pass
    with hurried.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
    assert slugs(house.db) == ["daca"]


def test_reading_does_not_wait_for_a_writer(any_house: House, open_house_with: OpenHouse) -> None:
    given = {} if any_house.db.sqlite else {"database_url": any_house.settings.database_url}
    other = open_house_with(**given)
    with any_house.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
        session.flush()
        assert slugs(other.db) == []


@on_postgresql
def test_a_lock_that_is_not_given_in_time_is_told_busy(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
    locked = select(List).with_for_update()
    with any_house.db.transaction() as session:
        session.scalars(locked).all()
        with pytest.raises(DatabaseBusy), any_house.db.transaction() as other:
            other.execute(text("SET LOCAL lock_timeout = '20ms'"))
            other.scalars(locked).all()


@on_postgresql
def test_a_transaction_that_stands_still_keeps_its_locks_no_longer_than_a_lease(
    open_house_with: OpenHouse, any_database_url: str
) -> None:
    database = open_house_with(database_url=any_database_url, lease_seconds=0.2).db
    with pytest.raises(DatabaseUnreachable, match="idle"), database.transaction() as frozen:
        frozen.execute(text("LOCK TABLE lists"))
        with database.transaction() as other:
            other.execute(text("LOCK TABLE lists"))  # waits for the first
        frozen.execute(text("SELECT 1"))


def test_a_full_disk_is_told_and_loses_nothing(house: House) -> None:
    with house.db.transaction() as session:
        session.add(List(slug="daca", public_name="ICIRR alerts"))
    with pytest.raises(DiskFull, match="no room left"), house.db.transaction() as session:
        session.execute(text("PRAGMA max_page_count = 1"))  # SQLite itself then says that the disk is full
        for number in range(200):
            session.add(List(slug=f"list {number}", public_name="x" * 200))
        session.flush()
    assert slugs(house.db) == ["daca"]


def test_sqlite_keeps_what_it_has_promised(house: House) -> None:
    with house.db.reading() as session:
        pragmas = {
            n: session.scalar(text(f"PRAGMA {n}")) for n in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING


def test_a_closed_database_opens_again_when_it_is_used(any_house: House) -> None:
    any_house.db.close()
    assert any_house.db.now().tzinfo is UTC


def test_an_open_database_is_checked_and_closed_when_it_is_refused(any_database_url: str) -> None:
    settings = load_settings(database_url=any_database_url, data_key=DATA_KEY)
    with pytest.raises(WrongDataKey):
        open_database(settings, Keyring("another key that is as long as it has to be"))
