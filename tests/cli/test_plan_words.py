"""What staff read before they are asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import write_campaign
from conftest import OpenHouse
from people import add_list, add_people, leave

from dispatcher.cli.colour import coloured
from dispatcher.cli.cost_words import cost_json
from dispatcher.cli.counting import messages, people
from dispatcher.cli.plan_words import plan_json, plan_lines
from dispatcher.cli.times import clock
from dispatcher.rules.alert import Channel
from dispatcher.rules.text_cost import TextCost
from dispatcher.usecases.send_campaign import Plan, Request, plan

NOT_READ = f"  {coloured('es: not read yet by somebody who speaks it', fg='yellow')}"
START = datetime(2030, 12, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def planned(open_house_with: OpenHouse, tmp_path: Path) -> Plan:
    """A practice plan for 62 people, two of whom read Spanish and one of whom left the texts."""
    house = open_house_with(rate_sms="1/m")
    add_list(house)
    first, *_ = add_people(house, 60)
    add_people(house, 2, language="es")
    add_people(house, 1, language="pl")
    leave(house, first, Channel.SMS)
    write_campaign(tmp_path, languages=["en", "es"])
    return plan(house, Request("budget", starts_at=START))


def test_the_plan_is_told_in_lines(planned: Plan) -> None:
    email, sms = planned.survey.channels[Channel.EMAIL], planned.survey.channels[Channel.SMS]
    assert (email.total, sms.total) == (62, 61)
    assert [*plan_lines(planned)] == [
        "Keep the budget whole",
        "  budget: opens a new alert",
        "  from ICIRR alerts <alerts@example.org>",
        f"  database {planned.database}",
        "Email by outbox var/outbox: 62 people",
        "         60  en",
        "          2  es",
        "          1  left out: reads pl, which isn't there",
        f"  all leave at once, {clock(START)}",
        NOT_READ,
        "Texts by outbox var/outbox: 61 people",
        "         59  en: 59 segments",
        "          2  es: 2 segments",
        "          1  left out: left the list",
        "          1  left out: reads pl, which isn't there",
        "  61 segments",
        f"  the first leaves {clock(START)}, the last {clock(START + timedelta(minutes=61))} (61 min)",
        NOT_READ,
    ]


def test_people_who_share_a_number_are_why_more_have_it_than_got_one(planned: Plan) -> None:
    for channel, hint in ((Channel.EMAIL, ""), (Channel.SMS, " (who share a number count each)")):
        part = replace(planned.survey.channels[Channel.EMAIL], left_out={"has it already": 169})
        again = replace(planned, survey=replace(planned.survey, channels={channel: part}))
        again = replace(again, senders={channel: "outbox"})
        assert f"        169  left out: has it already{hint}" in list(plan_lines(again))


def test_what_a_day_still_allows_is_told(planned: Plan) -> None:
    channels = dict(planned.survey.channels)
    channels[Channel.SMS] = replace(channels[Channel.SMS], left_today=1200)
    told = [*plan_lines(replace(planned, survey=replace(planned.survey, channels=channels)))]
    assert "  1,200 segments may still leave that day (DISPATCH_DAILY_SMS)" in told


def test_an_alert_that_goes_on_is_named(planned: Plan) -> None:
    assert "  budget: goes on with alert 7" in plan_lines(replace(planned, alert_id=7))


def test_a_missed_deadline_is_a_warning(planned: Plan) -> None:
    soon = START + timedelta(minutes=30)
    opening = replace(planned.opening, frozen=replace(planned.frozen, deadline=soon))
    *_, last = plan_lines(replace(planned, opening=opening))
    assert last == f"WARNING: the last message would leave after the deadline, {clock(soon)}."


def test_a_channel_on_practice_beside_a_real_one_is_a_warning(planned: Plan) -> None:
    opening = replace(planned.opening, practice=False, practice_channels="sms")
    *_, last = plan_lines(replace(planned, opening=opening))
    assert last.startswith("WARNING: sms is on practice")


def test_nobody_departs_at_no_time(open_house_with: OpenHouse, tmp_path: Path) -> None:
    house = open_house_with()
    add_list(house)
    write_campaign(tmp_path, channels=[Channel.SMS])
    nobody = plan(house, Request("budget"))
    assert [*plan_lines(nobody)][-1] == "Texts by outbox var/outbox: 0 people"
    found = plan_json(nobody)
    assert (found["total"], found["last_departure"]) == (0, None)
    assert found["channels"]["sms"]["first_departure"] is None
    assert found["channels"]["sms"]["last_departure"] is None


def test_the_plan_as_json_has_the_same_numbers(planned: Plan) -> None:
    last = (START + timedelta(minutes=61)).isoformat()
    assert plan_json(planned) == {
        "campaign": "budget",
        "alert": None,
        "practice": True,
        "database": planned.database,
        "total": 123,
        "people": 62,
        "segments": [],
        "exceptions": [],
        "include_acted": False,
        "channels": {
            "email": {
                "sender": "outbox var/outbox",
                "people": 62,
                "languages": {"en": 60, "es": 2},
                "left_out": {"reads pl, which isn't there": 1},
                "segments": 0,
                "texts": {},
                "left_today": None,
                "first_departure": START.isoformat(),
                "last_departure": START.isoformat(),
            },
            "sms": {
                "sender": "outbox var/outbox",
                "people": 61,
                "languages": {"en": 59, "es": 2},
                "left_out": {"left the list": 1, "reads pl, which isn't there": 1},
                "segments": 61,
                "texts": {
                    "en": cost_json(TextCost(59, 59, unpriced=59)),
                    "es": cost_json(TextCost(2, 2, unpriced=2)),
                },
                "left_today": None,
                "first_departure": START.isoformat(),
                "last_departure": last,
            },
        },
        "last_departure": last,
        "misses_deadline": False,
        "warnings": [],
        "read": [
            {"language": "es", "channel": channel, "standing": "unread", "reader": None, "at": None}
            for channel in ("email", "sms")
        ],
    }


def test_people_and_messages_are_counted_in_words() -> None:
    assert [people(number) for number in (0, 1, 1204)] == ["0 people", "1 person", "1,204 people"]
    assert [messages(number) for number in (0, 1, 1204)] == ["0 messages", "1 message", "1,204 messages"]


def test_messages_are_counted_in_words() -> None:
    assert [messages(number) for number in (0, 1, 1204)] == ["0 messages", "1 message", "1,204 messages"]
