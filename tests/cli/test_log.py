"""`dispatch log`."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from hand_over import hand_over
from sqlalchemy import update

from dispatcher.models import DeliveryLogEntry

FIELDS = ["message", "alert", "channel", "subscriber", "status", "at", "attempt", "provider_ref", "error"]


@pytest.fixture
def logged(desk: CliDesk, tmp_path: Path) -> CliDesk:
    """Three people got an email and a text each."""
    write_campaign(tmp_path)
    desk.run("send", "--campaign", "budget", "--yes")
    hand_over(desk.house)
    return desk


def rows(desk: CliDesk, *arguments: str) -> list[Any]:
    return [json.loads(line) for line in desk.run("log", *arguments, "--format", "jsonl").stdout.splitlines()]


def test_a_json_line_an_attempt_has_the_contracts_fields(logged: CliDesk) -> None:
    found = rows(logged)
    assert len(found) == 6
    assert all(set(FIELDS) <= row.keys() for row in found)
    assert {row["status"] for row in found} == {"sent"}
    assert {row["channel"] for row in found} == {"email", "sms"}
    assert sorted({row["subscriber"] for row in found}) == [1, 2, 3]
    assert all(row["attempt"] == 1 and row["alert"] == 1 and row["error"] is None for row in found)
    assert all(Path("var/outbox", row["provider_ref"]).exists() for row in found)
    assert all(datetime.fromisoformat(row["at"]).tzinfo == UTC for row in found)


def test_json_is_the_same_as_json_lines(logged: CliDesk) -> None:
    assert [json.loads(line) for line in logged.run("log", "--json").stdout.splitlines()] == rows(logged)


@pytest.mark.parametrize("form", ["table", "csv", "jsonl"])
def test_no_form_shows_an_address(logged: CliDesk, form: str) -> None:
    told = logged.run("log", "--format", form).output
    assert "@" not in told
    assert "1312" not in told


def test_csv_has_a_heading_and_the_same_rows(logged: CliDesk) -> None:
    heading, *lines = csv.reader(io.StringIO(logged.run("log", "--format", "csv").stdout))
    assert heading[: len(FIELDS)] == FIELDS
    assert len(lines) == 6


def test_a_spreadsheet_runs_nothing_of_a_servers_words(logged: CliDesk) -> None:
    words = '=HYPERLINK("https://evil.example")\x1b[2J'
    with logged.house.db.transaction() as session:
        session.execute(update(DeliveryLogEntry).values(detail=words, error="\x9b31m"))
    _, first, *_ = csv.reader(io.StringIO(logged.run("log", "--format", "csv").stdout))
    assert first[-1] == f"'{words}"
    assert "\x9b" not in logged.run("log").stdout
    assert rows(logged)[0]["detail"] == words


def test_the_table_is_on_this_machines_clock(logged: CliDesk) -> None:
    heading, first, *_ = logged.run("log").stdout.splitlines()
    assert heading.split() == ["time", "alert", "message", "person", "channel", "status"]
    at = datetime.fromisoformat(rows(logged)[0]["at"]).astimezone()
    assert first.split() == [f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", "1", "1", "1", "email", "sent"]


def test_one_alert_and_one_person_can_be_chosen(logged: CliDesk) -> None:
    assert len(rows(logged, "--alert", "budget")) == 6
    assert {row["subscriber"] for row in rows(logged, "--subscriber", "2")} == {2}
    assert {row["subscriber"] for row in rows(logged, "--subscriber", "person3@example.org")} == {3}


@pytest.mark.parametrize("arguments", [("--alert", "7"), ("--subscriber", "nobody@example.org")])
def test_who_or_what_is_not_here_is_an_error_in_json_too(logged: CliDesk, arguments: tuple[str, str]) -> None:
    for form in (("--json",), ("--format", "jsonl")):
        refused = logged.run("log", *arguments, *form, expect=1)
        assert json.loads(refused.stdout)["error"]["code"] in {"unknown_alert", "unknown_subscriber"}
    assert logged.run("log", *arguments, expect=1).stdout == ""


def test_an_empty_log_says_so_beside_its_output(desk: CliDesk) -> None:
    empty = desk.run("log", "--json")
    assert empty.stdout == ""
    assert "Nothing has been tried yet" in empty.stderr


def test_the_error_stands_beside_the_status(logged: CliDesk, tmp_path: Path) -> None:
    from people import add_person

    broken = write_campaign(tmp_path, "broken")
    (broken / "sms.txt").write_text("{% if name == 'Zoe' %}{{ 1 // 0 }}{% endif %}Reply STOP to stop.")
    add_person(logged.house, phone="+13125550177", first_name="Zoe")
    logged.run("send", "--campaign", "broken", "--channel", "sms", "--yes")
    hand_over(logged.house)
    assert "failed: template" in logged.run("log", "--alert", "broken").stdout
