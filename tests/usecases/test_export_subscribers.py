"""Exports: CSV that an import reads back and a spreadsheet can't be harmed by."""

import csv
import io
from pathlib import Path

from people import add_list, add_people, add_person, leave
from sqlalchemy import update

from dispatcher.house import House
from dispatcher.models import Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.usecases.export_subscribers import export_subscribers
from dispatcher.usecases.import_subscribers import prepare, run
from dispatcher.usecases.importing.report import ImportOrder


def exported(house: House, list_id: int | None = None) -> tuple[int, list[dict[str, str]]]:
    file = io.StringIO(newline="")
    with house.db.reading() as session:
        number = export_subscribers(session, file, list_id=list_id)
    file.seek(0)
    return number, list(csv.DictReader(file))


def test_everybody_is_there_with_their_consent_for_each_list_and_channel(house: House) -> None:
    add_list(house, "daca")
    add_list(house, "healthcare")
    maria = add_person(house, email="maria@example.org", phone="312-555-0100", lists=("daca",))
    leave(house, maria, Channel.EMAIL)
    number, rows = exported(house)
    assert number == 1
    assert list(rows[0])[8:] == ["daca:email", "daca:sms", "healthcare:email", "healthcare:sms"]
    assert (rows[0]["email"], rows[0]["phone"]) == ("maria@example.org", "+13125550100")
    assert rows[0]["daca:email"].startswith("left 20")
    assert rows[0]["daca:sms"].startswith("joined 20")
    assert rows[0]["healthcare:email"] == ""


def test_one_lists_export_has_its_people_and_its_columns_alone(house: House) -> None:
    add_list(house, "daca")
    health = add_list(house, "healthcare")
    add_person(house, email="maria@example.org", lists=("daca",))
    add_person(house, email="jose@example.org", lists=("healthcare",))
    number, rows = exported(house, health)
    assert (number, rows[0]["email"]) == (1, "jose@example.org")
    assert "daca:email" not in rows[0]


def test_a_consent_of_an_older_address_is_told_apart(house: House) -> None:
    add_list(house)
    maria = add_person(house, phone="312-555-0100")
    with house.db.transaction() as session:
        session.execute(update(Subscriber).where(Subscriber.id == maria).values(phone_key=b"another"))
    assert exported(house)[1][0]["daca:sms"].endswith(" with another address")


def test_no_cell_can_run_as_a_formula_and_an_import_restores_it(house: House, tmp_path: Path) -> None:
    add_list(house)
    maria = add_person(house, email="maria@example.org", phone="312-555-0100", first_name="=1+1")
    row = exported(house)[1][0]
    assert (row["first_name"], row["phone"]) == ("'=1+1", "+13125550100")
    path = tmp_path / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as file, house.db.reading() as session:
        export_subscribers(session, file)
    report = run(house, prepare(ImportOrder(path, "daca", "a test")))
    assert report.tally.counts["unchanged"] == 1
    with house.db.reading() as session:
        assert session.get_one(Subscriber, maria).first_name == "=1+1"


def test_people_beyond_one_page_are_exported_in_their_order(any_house: House) -> None:
    add_list(any_house)
    ids = add_people(any_house, 2100)
    number, rows = exported(any_house)
    assert number == 2100
    assert [int(row["id"]) for row in rows] == sorted(ids)
    assert all(row["daca:email"].startswith("joined") for row in rows)
