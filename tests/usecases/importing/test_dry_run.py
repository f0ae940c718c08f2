"""Dry runs: the real counts, and nothing left behind."""

from pathlib import Path

import pytest
from importing_desk import Desk
from people import add_list
from sqlalchemy import func, select

from dispatcher.errors import DispatchError, UnknownList
from dispatcher.models import ConsentEvent, ImportBatch, List, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.import_subscribers import prepare, run
from dispatcher.usecases.importing.report import ImportOrder
from dispatcher.usecases.suppress import suppress

HERE = "email,phone\nmaria@example.org,312-555-0100\njose@example.org,\ngone@example.org,\n"
FILE = """
    email,phone,first_name
    maria@example.org,312-555-0100,María
    new@example.org,312-555-0101,New
    New@example.org,312-555-0101,New
    jose@example.org,312-555-0100,José
    family@example.org,312-555-0100,
    gone@example.org,,
    nonsense,,
"""


def everything(desk: Desk) -> list[int | None]:
    tables = (Subscriber, Subscription, ConsentEvent, ImportBatch)
    with desk.house.db.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_dry_run_counts_what_the_real_run_does_and_changes_nothing(desk: Desk) -> None:
    desk.bring(HERE)
    with desk.house.db.transaction() as session:
        key = desk.house.keys.address_key("gone@example.org")
        suppress(session, Channel.EMAIL, key, SuppressionReason.COMPLAINED, "a test")
    before, people = everything(desk), desk.people()

    dry = desk.bring_with_texts(FILE, dry_run=True)
    assert (everything(desk), desk.people()) == (before, people)
    assert dry.batch_id is None

    real = desk.bring_with_texts(FILE)
    assert dry.tally == real.tally
    assert dry.rejects_file == real.rejects_file
    assert real.tally.counts == {"added": 2, "updated": 1, "unchanged": 1, "rejected": 2, "kept_out": 1}


def test_a_dry_run_holds_nobody_up(desk: Desk) -> None:
    path = desk.folder / "people.csv"
    path.write_text("email\n" + "".join(f"person{n}@example.org\n" for n in range(1500)), encoding="utf-8")
    prepared = prepare(ImportOrder(path, "daca", "rally"))
    written: list[int] = []

    def write_meanwhile(done: int, _total: int | None) -> None:
        written.append(add_list(desk.house, f"list-{done}"))

    assert run(desk.house, prepared, dry_run=True, progress=write_meanwhile).tally.counts["added"] == 1500
    assert written
    with desk.house.db.reading() as session:
        assert set(written) <= set(session.scalars(select(List.id)))


def test_progress_is_told_in_rows_done_and_in_all(sqlite_desk: Desk) -> None:
    path = sqlite_desk.folder / "people.csv"
    path.write_text("email\n" + "".join(f"person{n}@example.org\n" for n in range(1500)), encoding="utf-8")
    told: list[tuple[int, int | None]] = []
    order = ImportOrder(path, "daca", "rally")
    run(sqlite_desk.house, prepare(order), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (1500, 1500)
    assert sorted(told) == told


def test_a_dry_run_that_cannot_begin_says_why(sqlite_desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UnknownList):
        sqlite_desk.bring(FILE, dry_run=True, list_slug="healthcare")
    assert not list(tmp_path.glob("*.rejects.csv"))


def test_no_copy_of_the_database_is_left_behind(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sqlite_desk.bring(FILE, dry_run=True)
    with pytest.raises(DispatchError):
        sqlite_desk.bring(FILE, dry_run=True, list_slug="healthcare")
    assert not list(tmp_path.glob("dispatch-dry-run-*"))
