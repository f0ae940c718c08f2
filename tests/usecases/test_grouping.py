"""How an audience falls into lanes and due times."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.rules.alert import Channel
from dispatcher.rules.hours import Window
from dispatcher.rules.rates import Rate
from dispatcher.settings import load_settings
from dispatcher.usecases.grouping import by_domain, by_hours, hours_for
from dispatcher.usecases.lay_out import OTHERS, Group

TWILIO = "twilio://AC1:token@?from=+13125550100"
NOON = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)  # in Chicago; half past eight in Honolulu
MORNING = NOON - timedelta(hours=3)


def test_a_limited_domain_has_its_lane_only_when_somebody_is_there() -> None:
    limits = {"gmail.com": Rate(10, 1), "hey.com": Rate(1, 1)}
    assert set(by_domain({"gmail.com": 1, "aol.com": 3}, limits, NOON).groups) == {"gmail.com"}


def test_the_twelve_most_frequent_domains_have_lanes() -> None:
    people = {f"d{n:02}.org": 500 + n for n in range(20)} | {"rare.org": 499, "gmail.com": 9999}
    found = by_domain(people, {"gmail.com": Rate(10, 1)}, NOON)
    assert set(found.groups) == {"gmail.com", *(f"d{n:02}.org" for n in range(8, 20))}
    assert found.groups["d19.org"] == Group("d19.org", NOON)
    assert found.others == Group(OTHERS, NOON)


def test_texts_wait_for_eight_in_the_morning_where_people_are() -> None:
    settings = load_settings(sms_url=TWILIO)
    found = by_hours({"America/Chicago": 5, "Pacific/Honolulu": 2}, settings, MORNING)
    eight = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
    assert found.groups == {"Pacific/Honolulu": Group(OTHERS, eight)}
    assert found.others == Group(OTHERS, MORNING)
    assert by_hours({"Pacific/Honolulu": 2}, settings, NOON).groups == {}


def test_of_an_unknown_zone_all_must_be_awake() -> None:
    found = by_hours({"": 1}, load_settings(sms_url=TWILIO), MORNING)
    assert found.groups[""].due_at == datetime(2026, 12, 1, 18, 0, tzinfo=UTC)


def test_who_may_be_in_zones_that_share_no_hour_is_never_texted() -> None:
    settings = load_settings(sms_url=TWILIO, sms_hours="8-9")
    found = by_hours({"America/Chicago,Pacific/Honolulu": 1, "Pacific/Honolulu": 1}, settings, NOON)
    assert found.never == {"America/Chicago,Pacific/Honolulu"}
    assert found.groups == {}


@pytest.mark.parametrize(
    "given", [{"sms_url": "outbox:var/outbox"}, {"sms_url": TWILIO, "sms_hours": "none"}]
)
def test_practice_texts_and_lifted_hours_go_at_any_time(given: dict[str, str]) -> None:
    found = by_hours({"Pacific/Honolulu": 2, "": 1}, load_settings(**given), MORNING)
    assert found.groups == {}
    assert found.never == frozenset()
    assert found.others == Group(OTHERS, MORNING)


def test_only_real_texts_have_hours() -> None:
    assert hours_for(Channel.SMS, load_settings(sms_url=TWILIO)) == Window(8, 21)
    assert hours_for(Channel.SMS, load_settings()) is None
    assert hours_for(Channel.EMAIL, load_settings(sms_url=TWILIO)) is None
