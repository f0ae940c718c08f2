"""Imports on a database that is slow, or that fails midway."""

import json
import subprocess
import sys

import pytest
from commands import until
from importing_desk import Desk
from sqlalchemy import func, select, text

from dispatcher.errors import DatabaseUnreachable, DiskFull, ImportStopped
from dispatcher.house import House
from dispatcher.models import ConsentEvent, ImportBatch, Subscriber, Subscription
from dispatcher.usecases.import_subscribers import prepare, run
from dispatcher.usecases.importing.report import ImportOrder, PreparedImport
from houses import environment_of


def many_people(desk: Desk, number: int) -> PreparedImport:
    path = desk.folder / "people.csv"
    lines = "".join(f"person{n}@example.org\n" for n in range(number))
    path.write_text(f"email\n{lines}", encoding="utf-8")
    return prepare(ImportOrder(path, "daca", "rally"))


def fill_the_disk(house: House) -> None:
    """From now on this process's connection may not make the database file any bigger."""
    with house.db.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))


def test_an_import_stopped_midway_says_what_is_kept_and_goes_on_when_repeated(sqlite_desk: Desk) -> None:
    house, prepared = sqlite_desk.house, many_people(sqlite_desk, 3000)
    with pytest.raises(
        ImportStopped, match=r"Import 1 stopped after \d+ rows: There is no room left"
    ) as stopped:
        run(house, prepared, progress=lambda _done, _total: fill_the_disk(house))
    kept = stopped.value.facts["rows"]
    assert isinstance(kept, int)
    assert 0 < kept < 3000
    with house.db.reading() as session:
        assert json.loads(session.scalars(select(ImportBatch.counts)).one())["added"] == kept

    house.db.close()  # a new process has a new connection
    again = run(house, prepared)
    assert (again.tally.counts["unchanged"], again.tally.counts["added"]) == (kept, 3000 - kept)


def kept(desk: Desk) -> tuple[int, set[int | None]]:
    """How many people the import says that it has added, and how many rows of each kind there are."""
    with desk.house.db.reading() as session:
        counted = session.scalars(select(ImportBatch.counts)).first() or "{}"
        tables = (Subscriber, Subscription, ConsentEvent)
        found = {session.scalar(select(func.count()).select_from(table)) for table in tables}
    return json.loads(counted).get("added", 0), found


def test_an_import_that_is_killed_has_counted_what_it_did_and_goes_on_when_repeated(desk: Desk) -> None:
    prepared = many_people(desk, 40_000)
    asked = ("--list", "daca", "--consent-source", "rally")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "dispatcher", "subscribers", "import", "people.csv", *asked],
        env=environment_of(desk.house.settings),
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: kept(desk)[0], "the first batch")
    finally:
        process.kill()
        process.wait()
    added, rows = kept(desk)
    assert 0 < added < 40_000
    assert rows == {added}
    again = run(desk.house, prepared)
    assert (again.tally.counts["unchanged"], again.tally.counts["added"]) == (added, 40_000 - added)


def test_an_import_that_fails_at_once_says_why_and_no_more(sqlite_desk: Desk) -> None:
    prepared = many_people(sqlite_desk, 3000)
    fill_the_disk(sqlite_desk.house)
    with pytest.raises(DiskFull):
        run(sqlite_desk.house, prepared)


@pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_stops_a_dry_run_with_its_own_error(desk: Desk) -> None:
    prepared = many_people(desk, 9000)

    def cut_off(_done: int, _total: int | None) -> None:
        with desk.house.db.transaction() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid != pg_backend_pid() AND datname = current_database()"
                )
            )

    with pytest.raises(DatabaseUnreachable):
        run(desk.house, prepared, dry_run=True, progress=cut_off)


def test_on_a_slow_disk_batches_grow_smaller_so_that_others_need_not_wait(sqlite_desk: Desk) -> None:
    with sqlite_desk.house.db.transaction() as session:
        counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000)"
        never = f"id = ({counting} SELECT -max(i) FROM n)"
        session.execute(
            text(
                "CREATE TRIGGER slow AFTER UPDATE OF counts ON import_batches BEGIN "
                f"UPDATE import_batches SET undone_at = undone_at WHERE {never}; END"
            )
        )
    done: list[int] = []
    run(sqlite_desk.house, many_people(sqlite_desk, 1700), progress=lambda rows, _total: done.append(rows))
    assert done == [1000, 1500, 1700]
