"""A report for programs: names that stay, and nothing that a spreadsheet would run."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from past_alerts import Told, act, past_alert
from people import add_list, add_people
from reports_desk import reporting

from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.report.as_data import COLUMNS, as_json, write_csv
from dispatcher.usecases.report.errors import Trouble
from dispatcher.usecases.report.hiding import without_small
from dispatcher.usecases.report.meanings import Meaning
from dispatcher.usecases.report.measures import Measure
from dispatcher.usecases.report.page import as_page
from dispatcher.usecases.report.report import Report
from dispatcher.usecases.status import all_progress


@pytest.fixture
def made(house: House) -> Report:
    add_list(house)
    people = add_people(house, 12)
    past_alert(house, [Told(one) for one in people], name="before")
    told = [Told(one) for one in people[:11]] + [Told(people[11], Status.BOUNCED, error="550")]
    past_alert(house, told, began=house.db.now(), name="=cmd()")
    act(house, people[0], at=house.db.now())
    return reporting(house, 2)


def lines(report: Report, *, named: bool = True) -> list[dict[str, str]]:
    file = io.StringIO(newline="")
    write_csv(report, file, named=named)
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_the_objects_names_stay(made: Report) -> None:
    told: dict[str, Any] = json.loads(json.dumps(as_json(made, named=True)))
    assert {*told} == {
        *("alert", "campaign", "name", "state", "practice", "sensitive", "made", "began", "next_began"),
        *("summary", "channels", "people_acted", "people_acted_at_all", "languages", "domains", "errors"),
        *("texts", "timeline", "earlier", "compared"),
    }
    assert {*told["channels"]["email"]} == {*map(str, Measure), "hidden"}
    assert told["channels"]["email"]["sent"] == 12
    assert told["channels"]["email"]["clicked"] is None
    assert told["languages"]["email"]["en"]["bounced"] == 1
    assert told["errors"][0]["meaning"] == "dead_address"
    assert told["errors"][0]["codes"] == {"550": 1}
    assert told["timeline"]["slots"][0]["acted"] == 1
    assert told["earlier"][0]["name"] == "before"
    judged = {one["rate"]: one["judgement"] for one in told["compared"]}
    assert (judged["bounced"], judged["clicked"]) == ("alike", "unknown")
    assert [one["before"] for one in told["compared"] if one["rate"] == "clicked"] == [None]


def test_without_names_there_is_a_number_alone(made: Report) -> None:
    told = json.dumps(as_json(made, named=False))
    assert "budget" not in told
    assert "=cmd" not in told
    assert all("budget" not in line.values() for line in lines(made, named=False))


def test_each_number_is_a_line(made: Report) -> None:
    rows = lines(made)
    assert {*rows[0]} == {*COLUMNS}
    by = {(one["section"], one["value"], one["measure"]): one for one in rows}
    assert by["channel", "email", "sent"]["number"] == "12"
    assert by["channel", "email", "bounced"]["of"] == "12"
    assert by["language", "en", "acted"]["number"] == "1"
    assert by["domain", "example.org", "audience"]["number"] == "12"
    assert by["error", "dead_address", "550"]["number"] == "1"
    assert by["earlier", "alert 1", "delivered"]["number"] == "12"
    assert ("channel", "email", "clicked") not in by  # nobody knows: no line, rather than 0
    assert {one["alert"] for one in rows} == {"2"}


def test_of_a_sensitive_alert_there_are_days_and_no_false_zeros(house: House) -> None:
    add_list(house, sensitive=True)
    people = add_people(house, 20)
    past_alert(house, [Told(one, Status.SENT) for one in people])
    past_alert(house, [Told(one, Status.SENT) for one in people], began=house.db.now(), name="2")
    with house.db.transaction() as session:
        session.add(
            DeliveryLogEntry(
                at=house.db.now(), message_id=1, status=Status.SENT, alert_id=2, channel=Channel.EMAIL
            )
        )
    act(house, people[0], at=house.db.now())
    first, second = reporting(house, 1), reporting(house, 2)
    told = as_json(second, named=True)
    moments = [
        told["made"],
        told["began"],
        told["earlier"][0]["began"],
        as_json(first, named=True)["next_began"],
    ]
    assert [len(moment) for moment in moments] == [len("2026-11-23")] * 4
    assert [(one["sent"], one["delivered"], one["acted"]) for one in told["timeline"]["slots"]] == [
        (1, None, None)
    ]
    assert [one["measure"] for one in lines(second) if one["section"] == "time"] == ["sent"]
    page = as_page(second, named=True)
    assert '<th scope="col">Begins</th><th scope="col">sent</th></tr>' in page
    assert not re.search(r"\d\d:\d\d", re.sub("<style>.*</style>", "", page, flags=re.DOTALL))


def test_its_state_is_the_one_that_status_has(made: Report, house: House) -> None:
    with house.db.reading() as session:
        states = {one.alert_id: one.state for one in all_progress(session)}
    assert as_json(made, named=True)["state"] == states[2] == "finished"


def test_no_cell_is_a_formula(made: Report) -> None:
    codes = Trouble(Channel.EMAIL, Meaning.UNKNOWN, Counter({"=HYPERLINK(1)": 2}))
    rows = lines(replace(made, slug="@sum", practice=True, troubles=(codes,)))
    assert rows[0]["value"] == "'@sum"
    assert [one["measure"] for one in rows if one["section"] == "error"] == ["'=HYPERLINK(1)"]
    assert {one["practice"] for one in rows} == {"yes"}


def test_what_is_hidden_is_in_neither(made: Report) -> None:
    twelve, few = made.languages[Channel.EMAIL][0], {Measure.ACTED: 1, Measure.AUDIENCE: 30}
    pl = replace(twelve, label="pl", numbers={**twelve.numbers, **few})
    rows = without_small([replace(twelve, numbers={**twelve.numbers, Measure.ACTED: 0}), pl])
    hidden = replace(made, languages={Channel.EMAIL: rows})
    told = as_json(hidden, named=True)["languages"]["email"]
    assert told["pl"]["hidden"] == ["acted"]
    assert told["pl"]["acted"] is None
    found = [(one["value"], one["measure"]) for one in lines(hidden) if one["section"] == "language"]
    assert ("pl", "acted") not in found
    assert ("other", "acted") in found
