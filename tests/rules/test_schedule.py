"""When messages will leave, at the limit and in their hours."""

from datetime import UTC, datetime, timedelta

from dispatcher.rules.hours import LAST_DEPARTURE, LAST_HANDOVER, Window
from dispatcher.rules.rates import Rate
from dispatcher.rules.schedule import Departures, departures

NOON = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)  # in Chicago; 8 am in Honolulu
DAY = Window(8, 21)
CHICAGO, HONOLULU, PUERTO_RICO = "America/Chicago", "Pacific/Honolulu", "America/Puerto_Rico"


def in_chicago(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC) + timedelta(hours=6)


def test_nothing_to_send_never_leaves() -> None:
    assert departures({}, Rate(1, 1), NOON) is None
    assert departures({"": 0}, Rate(1, 1), NOON) is None


def test_without_limit_and_hours_all_leave_at_once() -> None:
    assert departures({"": 10_000, CHICAGO: 5}, None, NOON) == Departures(NOON, NOON)


def test_a_limit_spreads_them() -> None:
    assert departures({"": 3600}, Rate(2, 1), NOON) == Departures(NOON, NOON + timedelta(minutes=30))


def test_groups_that_are_due_share_the_limit() -> None:
    both = departures({CHICAGO: 1800, PUERTO_RICO: 1800}, Rate(2, 1), NOON, DAY)
    assert both == Departures(NOON, NOON + timedelta(minutes=30))


def test_who_sleeps_still_is_waited_for() -> None:
    early = in_chicago(1, 9)  # 5 am in Honolulu
    found = departures({CHICAGO: 60, HONOLULU: 60}, Rate(1, 1), early, DAY)
    assert found == Departures(early, in_chicago(1, 12) + timedelta(minutes=1))


def test_who_sleeps_still_does_not_keep_the_others_waiting() -> None:
    early = in_chicago(1, 9)
    found = departures({CHICAGO: 4 * 3600, HONOLULU: 60}, Rate(1, 1), early, DAY)
    assert found == Departures(early, in_chicago(1, 13) + timedelta(minutes=1))


def test_nobody_awake_means_that_the_first_leaves_in_the_morning() -> None:
    night = in_chicago(1, 23)
    assert departures({CHICAGO: 60}, None, night, DAY) == Departures(in_chicago(2, 8), in_chicago(2, 8))


def test_of_sleepers_the_first_to_wake_go_first() -> None:
    night = in_chicago(2, 2)
    found = departures({HONOLULU: 1, CHICAGO: 1, PUERTO_RICO: 1}, None, night, DAY)
    assert found == Departures(in_chicago(2, 6), in_chicago(2, 12))


def test_what_does_not_fit_in_before_night_leaves_the_next_morning() -> None:
    evening = in_chicago(1, 20)
    found = departures({CHICAGO: 2 * 3600}, Rate(1, 1), evening, DAY)
    assert found
    tonight = timedelta(hours=1) - LAST_HANDOVER
    assert found == Departures(evening, in_chicago(2, 8) + timedelta(hours=2) - tonight)


def test_the_last_minutes_before_night_are_not_used() -> None:
    late = in_chicago(1, 21) - LAST_DEPARTURE
    assert departures({CHICAGO: 1}, None, late, DAY) == Departures(in_chicago(2, 8), in_chicago(2, 8))


def test_who_has_no_hour_at_all_does_not_count() -> None:
    morning = Window(8, 9)
    nowhere = f"{CHICAGO},{HONOLULU}"
    assert departures({nowhere: 5}, None, NOON, morning) is None
    assert departures({nowhere: 5, HONOLULU: 5}, None, NOON, morning) == Departures(NOON, NOON)


def test_an_unknown_zone_waits_for_all_of_them() -> None:
    found = departures({"": 1}, None, in_chicago(1, 9), DAY)
    assert found
    assert found.first == in_chicago(1, 12)  # 8 am in Honolulu
