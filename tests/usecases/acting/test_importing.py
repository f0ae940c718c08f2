"""Files of acts, as Phone2Action, Quorum and others export them."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from people import add_list, add_person
from sqlalchemy import select, update

from dispatcher.errors import (
    HoldInForce,
    ImportAlreadyUndone,
    ImportRefused,
    UnknownActionBatch,
    UnknownCampaign,
)
from dispatcher.house import House
from dispatcher.models import Action, ActionBatch, Notice
from dispatcher.usecases.acting.files import ActsOrder, open_acts
from dispatcher.usecases.acting.importing import ActsReport, import_acts
from dispatcher.usecases.acting.undoing import undo_acts
from dispatcher.usecases.hold import begin_hold

PHONE2ACTION = """\
Advocate ID,First Name,Email,Phone,Zip5,Campaign,Action Date
1,Ana,ana@example.org,(312) 555-0101,60608,Renew DACA,11/05/2026 8:15 PM
2,Beto,beto@example.org,,60608,Renew DACA,11/05/2026 8:20 PM
3,Nobody,new@example.org,,60608,Renew DACA,11/05/2026 8:25 PM
4,Twice,ana@example.org,,60608,Renew DACA,11/05/2026 9:00 PM
"""


@pytest.fixture
def people(any_house: House) -> None:
    add_list(any_house)
    add_person(any_house, email="ana@example.org", phone="312-555-0101")
    add_person(any_house, email="beto@example.org", phone="312-555-0102")


def bring(
    house: House, text: str, *, dry_run: bool = False, name: str = "acts.csv", **asked: Any
) -> ActsReport:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    asked.setdefault("campaign", "daca")
    return import_acts(house, open_acts(ActsOrder(path, **asked)), dry_run=dry_run)


def counts(report: ActsReport) -> dict[str, int]:
    return {name: number for name, number in report.counts.items() if number}


def kept(house: House) -> list[tuple[int, datetime]]:
    with house.db.reading() as session:
        rows = session.execute(
            select(Action.subscriber_id, Action.at).order_by(Action.subscriber_id, Action.at)
        )
        return [(person, at) for person, at in rows]


def rejected(path: str = "acts.rejects.csv") -> list[list[str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.usefixtures("people")
def test_a_file_is_imported_once_and_can_be_taken_back(any_house: House) -> None:
    rehearsed = bring(any_house, PHONE2ACTION, dry_run=True)
    assert (rehearsed.batch_id, kept(any_house)) == (None, [])
    report = bring(any_house, PHONE2ACTION, service="phone2action")
    assert counts(report) == counts(rehearsed) == {"recorded": 2, "known": 1, "unknown": 1}
    assert kept(any_house) == [
        (1, datetime(2026, 11, 6, 2, 15, tzinfo=UTC)),
        (2, datetime(2026, 11, 6, 2, 20, tzinfo=UTC)),
    ]
    again = bring(any_house, PHONE2ACTION)
    assert counts(again) == {"known": 3, "unknown": 1}
    assert report.batch_id is not None
    assert undo_acts(any_house, report.batch_id) == 2
    assert kept(any_house) == []
    with pytest.raises(ImportAlreadyUndone):
        undo_acts(any_house, report.batch_id)


@pytest.mark.usefixtures("people_here")
def test_quorums_columns_and_other_time_zones_are_read(house: House) -> None:
    text = (
        "Supporter Email\tDate\tConfirmed\nana@example.org\t2026-11-05 20:15\tTrue\nbeto@example.org\t\tno\n"
    )
    report = bring(house, text, service="quorum", zone="America/New_York")
    assert counts(report) == {"recorded": 1, "unconfirmed": 1}
    assert kept(house) == [(1, datetime(2026, 11, 6, 1, 15, tzinfo=UTC))]


@pytest.fixture
def people_here(house: House) -> None:
    add_list(house)
    add_person(house, email="ana@example.org", phone="312-555-0101")
    add_person(house, email="beto@example.org", phone="312-555-0102")


@pytest.mark.usefixtures("people_here")
def test_acts_of_several_campaigns_are_told_apart(house: House) -> None:
    text = PHONE2ACTION.replace("2,Beto,beto@example.org,,60608,Renew DACA", "2,B,beto@example.org,,1,Rents")
    with pytest.raises(ImportRefused, match=r"several campaigns: 'Renew DACA', 'Rents'.*--map"):
        bring(house, text)
    report = bring(house, text, campaign=None, mapped={"rents": "healthcare"})
    assert counts(report) == {"recorded": 1, "other_campaign": 3}
    report = bring(house, text, campaign="daca", mapped={"rents": "healthcare"})
    assert counts(report) == {"recorded": 1, "known": 2, "unknown": 1}
    with pytest.raises(UnknownCampaign):
        bring(house, text, campaign=None, mapped={"rents": "no-such"})


@pytest.mark.usefixtures("people_here")
def test_a_refusal_names_no_more_than_ten_campaigns(house: House) -> None:
    rows = "".join(f"ana@example.org,2026-11-05,Campaign {number}\n" for number in range(20))
    with pytest.raises(ImportRefused) as refused:
        bring(house, f"email,date,campaign\n{rows}")
    assert "Campaign 9" in str(refused.value)
    assert "Campaign 10" not in str(refused.value)


@pytest.mark.usefixtures("people_here")
def test_what_is_wrong_with_rows_is_written_down_and_nothing_else_of_them(house: House) -> None:
    text = """\
first,email,phone,date,home address
Ana,ana@example.org,312-555-0102,2026-11-05,1 Main St
Ana,ana at example,,2026-11-05,1 Main St
Ana,,,2026-11-05,1 Main St
Ana,ana@example.org,,soon,1 Main St
Ana,ana@example.org,,2099-01-01,1 Main St
Ana,ana@example.org,,,1 Main St
Ana,'=ana@example.org,,2026-11-05
"""
    report = bring(house, text)
    assert counts(report) == {"unknown": 1, "conflict": 1, "rejected": 5}
    header, *rows = rejected()
    assert header == ["line", "problem", "what is wrong", "email", "phone", "date"]
    codes = ["no_at", "empty", "date", "date_impossible", "no_date", "conflict"]
    assert sorted(row[1] for row in rows) == sorted(codes)
    assert "Main St" not in Path("acts.rejects.csv").read_text(encoding="utf-8-sig")
    assert Path("acts.rejects.csv").stat().st_mode & 0o077 == 0
    assert kept(house) == []


@pytest.mark.usefixtures("people_here")
def test_acts_without_a_day_need_one(house: House) -> None:
    with pytest.raises(ImportRefused, match="--on"):
        bring(house, "email\nana@example.org\n")
    report = bring(house, "email\nana@example.org\n", day=date(2026, 11, 5))
    assert counts(report) == {"recorded": 1}
    assert kept(house) == [(1, datetime(2026, 11, 5, 18, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("text", "asked", "words"),
    [
        ("name,date\nAna,2026-11-05\n", {}, "no column is called email or phone"),
        ("email,date\nana@example.org,2026-11-05\n", {"mapped": {"x": "daca"}}, "so --map can't"),
        ("email,date\n", {"rejects_path": Path("acts.csv")}, "over the file itself"),
        ("", {}, "empty"),
    ],
)
def test_a_file_that_cannot_be_meant_changes_nothing(
    house: House, text: str, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(ImportRefused, match=words):
        bring(house, text, **asked)
    with house.db.reading() as session:
        assert session.scalars(select(ActionBatch)).all() == []


@pytest.mark.usefixtures("people_here")
def test_who_acted_lately_is_thanked_unless_staff_say_no(house: House) -> None:
    today, old = house.db.now(), house.db.now() - timedelta(days=9)
    text = f"email,date\nana@example.org,{today.isoformat()}\nbeto@example.org,{old.isoformat()}\n"
    bring(house, text, thanks=False)
    with house.db.reading() as session:
        assert session.scalars(select(Notice)).all() == []
    with house.db.transaction() as session:
        session.execute(update(Action).values(at=old - timedelta(days=2)))
    bring(house, text)
    with house.db.reading() as session:
        assert [one.address for one in session.scalars(select(Notice))] == ["ana@example.org"]


def test_only_an_import_that_is_there_is_taken_back_and_not_under_a_hold(house: House) -> None:
    with pytest.raises(UnknownActionBatch):
        undo_acts(house, 7)
    with house.db.transaction() as session:
        begin_hold(session, "a subpoena")
    with pytest.raises(HoldInForce):
        undo_acts(house, 7)


@pytest.mark.usefixtures("people_here")
def test_a_workbook_is_read_like_a_csv_file(house: House) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.append(["Correo", "Fecha"])
    workbook.active.append(["ana@example.org", datetime(2026, 11, 5, 20, 15)])  # noqa: DTZ001 - a cell has none
    workbook.save("acts.xlsx")
    report = import_acts(house, open_acts(ActsOrder(Path("acts.xlsx"), "daca")))
    assert counts(report) == {"recorded": 1}
    assert kept(house) == [(1, datetime(2026, 11, 6, 2, 15, tzinfo=UTC))]
