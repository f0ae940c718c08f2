"""Quiet hours. `at` reads a wall clock somewhere; answers are compared as moments."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.hours import (
    ALWAYS,
    DAYS,
    EVERYWHERE,
    LAST_DEPARTURE,
    Week,
    Window,
    next_open,
    parse_week,
    parse_window,
    seconds_left,
)

FEDERAL = Window(8, 21)
NONE_TO_SPARE = timedelta()
CHICAGO, NEW_YORK, PHOENIX = "America/Chicago", "America/New_York", "America/Phoenix"
LOS_ANGELES, HONOLULU, PUERTO_RICO = "America/Los_Angeles", "Pacific/Honolulu", "America/Puerto_Rico"


def at(text: str, zone: str = "UTC", *, second_time: bool = False) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=second_time).astimezone(UTC)


def opens(now: datetime, zones: str | None, window: Window | None = FEDERAL) -> datetime | None:
    return next_open(now, zones, window, spare=NONE_TO_SPARE)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-07-08 07:59:59", "2026-07-08 08:00"),
        ("2026-07-08 08:00", "2026-07-08 08:00"),
        ("2026-07-08 12:34:56", "2026-07-08 12:34:56"),
        ("2026-07-08 20:59:59", "2026-07-08 20:59:59"),
        ("2026-07-08 21:00", "2026-07-09 08:00"),
        ("2026-07-08 23:59", "2026-07-09 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
    ],
)
@pytest.mark.parametrize(
    "zone", [CHICAGO, PHOENIX, HONOLULU, PUERTO_RICO, "Asia/Kolkata", "Pacific/Kiritimati"]
)
def test_a_text_waits_for_the_recipients_morning(now: str, opening: str, zone: str) -> None:
    assert opens(at(now, zone), zone) == at(opening, zone)


@pytest.mark.parametrize(
    ("now", "opening"),
    [("20:49:59", "2026-07-08 20:49:59"), ("20:50", "2026-07-09 08:00"), ("20:59", "2026-07-09 08:00")],
)
def test_nothing_leaves_in_the_last_ten_minutes(now: str, opening: str) -> None:
    assert next_open(at(f"2026-07-08 {now}", CHICAGO), CHICAGO, FEDERAL) == at(opening, CHICAGO)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-03-07 22:00", "2026-03-08 08:00"),  # the night in which clocks go forward
        ("2026-10-31 22:00", "2026-11-01 08:00"),  # the night in which they go back
    ],
)
def test_a_change_of_clocks_in_the_night_moves_the_opening_with_it(now: str, opening: str) -> None:
    assert opens(at(now, CHICAGO), CHICAGO) == at(opening, CHICAGO)
    length = at(opening, CHICAGO) - at(now, CHICAGO)
    assert length == timedelta(hours=9 if "03" in now[:7] else 11)


def test_an_hour_that_clocks_skip_opens_when_it_is_over() -> None:
    early = Window(2, 21)
    assert opens(at("2026-03-08 01:30", NEW_YORK), NEW_YORK, early) == at("2026-03-08 03:00", NEW_YORK)


def test_an_hour_that_comes_twice_is_open_both_times() -> None:
    early = Window(1, 21)
    first, second = at("2026-11-01 01:00", NEW_YORK), at("2026-11-01 01:00", NEW_YORK, second_time=True)
    assert second - first == timedelta(hours=1)
    assert opens(at("2026-11-01 00:30", NEW_YORK), NEW_YORK, early) == first
    assert opens(second, NEW_YORK, early) == second


def test_an_hour_that_comes_twice_closes_at_the_first() -> None:
    night = Window(0, 1)
    assert opens(at("2026-11-01 01:00", NEW_YORK), NEW_YORK, night) == at("2026-11-02 00:00", NEW_YORK)


def test_midnight_is_written_24() -> None:
    late = Window(20, 24)
    assert opens(at("2026-07-08 23:59:59", CHICAGO), CHICAGO, late) == at("2026-07-08 23:59:59", CHICAGO)
    assert opens(at("2026-07-09 00:00", CHICAGO), CHICAGO, late) == at("2026-07-09 20:00", CHICAGO)


@pytest.mark.parametrize(
    ("now", "arizona", "navajo"),
    [
        ("2026-01-15 06:00", "2026-01-15 08:00", "2026-01-15 08:00"),
        ("2026-07-15 06:00", "2026-07-15 08:00", "2026-07-15 07:00"),
    ],
)
def test_arizona_has_no_summer_time_but_the_navajo_nation_has(now: str, arizona: str, navajo: str) -> None:
    assert opens(at(now, PHOENIX), PHOENIX) == at(arizona, PHOENIX)
    assert opens(at(now, PHOENIX), "America/Denver") == at(navajo, PHOENIX)
    assert opens(at(now, PHOENIX), f"America/Denver,{PHOENIX}") == at(arizona, PHOENIX)


def test_puerto_rico_is_an_hour_ahead_of_new_york_in_winter_alone() -> None:
    winter, summer = at("2026-01-15 04:00"), at("2026-07-15 04:00")
    assert opens(winter, PUERTO_RICO) == at("2026-01-15 12:00")
    assert opens(winter, NEW_YORK) == at("2026-01-15 13:00")
    assert opens(summer, PUERTO_RICO) == opens(summer, NEW_YORK) == at("2026-07-15 12:00")


def test_all_of_a_persons_zones_must_be_open() -> None:
    both = f"{NEW_YORK},{LOS_ANGELES}"
    assert opens(at("2026-07-08 08:00", NEW_YORK), both) == at("2026-07-08 08:00", LOS_ANGELES)
    assert opens(at("2026-07-08 20:59", NEW_YORK), both) == at("2026-07-08 20:59", NEW_YORK)
    assert opens(at("2026-07-08 21:00", NEW_YORK), both) == at("2026-07-09 08:00", LOS_ANGELES)


def test_zones_whose_hours_never_meet_say_so() -> None:
    assert opens(at("2026-07-08 12:00"), f"{NEW_YORK},Asia/Shanghai", Window(9, 12)) is None


def test_a_window_shorter_than_what_must_be_left_never_opens() -> None:
    assert next_open(at("2026-07-08 12:00"), CHICAGO, Window(9, 10), spare=timedelta(hours=1)) is None


def test_a_state_that_is_open_outside_the_setting_alone_never_opens() -> None:
    assert opens(at("2026-07-08 12:00"), f"{CHICAGO}@8-20", Window(20, 22)) is None


def test_a_stricter_state_closes_earlier() -> None:
    florida = f"{NEW_YORK}@8-20"
    assert opens(at("2026-07-08 19:59", NEW_YORK), florida) == at("2026-07-08 19:59", NEW_YORK)
    assert opens(at("2026-07-08 20:00", NEW_YORK), florida) == at("2026-07-09 08:00", NEW_YORK)


def test_a_stricter_setting_binds_in_a_stricter_state_too() -> None:
    assert opens(at("2026-07-08 08:00", NEW_YORK), f"{NEW_YORK}@8-20", Window(10, 21)) == at(
        "2026-07-08 10:00", NEW_YORK
    )


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-07-11 22:00", "2026-07-12 12:00"),  # Saturday night
        ("2026-07-12 08:00", "2026-07-12 12:00"),  # Sunday
        ("2026-07-12 22:00", "2026-07-13 09:00"),
    ],
)
def test_texas_opens_at_noon_on_sundays(now: str, opening: str) -> None:
    assert opens(at(now, CHICAGO), f"{CHICAGO}@9-21;sun12-21") == at(opening, CHICAGO)


def test_the_weekday_is_the_recipients_own() -> None:
    sunday_in_chicago = at("2026-07-13 01:00")  # Monday by UTC
    assert opens(sunday_in_chicago, f"{CHICAGO}@9-19;sun12-21") == sunday_in_chicago


def test_a_day_may_be_closed() -> None:
    assert opens(at("2026-07-11 22:00", CHICAGO), f"{CHICAGO}@9-21;sun0-0") == at("2026-07-13 09:00", CHICAGO)


def test_of_a_person_nobody_knows_anything_about_all_zones_must_be_open() -> None:
    summer, winter = at("2026-07-08 02:00"), at("2026-01-14 02:00")
    assert opens(summer, None) == opens(summer, EVERYWHERE) == at("2026-07-08 08:00", HONOLULU)
    assert opens(winter, None) == at("2026-01-14 08:00", HONOLULU)
    assert opens(at("2026-07-08 20:00", NEW_YORK), None) == at("2026-07-09 08:00", HONOLULU)


def test_lifted_hours_let_everything_go_now() -> None:
    night = at("2026-07-08 03:00", CHICAGO)
    assert opens(night, CHICAGO, None) == night
    assert seconds_left(night, CHICAGO, None) is None


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("07:59:59", 0),
        ("08:00", 13 * 3600 - 300),
        ("20:00", 3600 - 300),
        ("20:49:59", 301),
        ("20:50", 0),
        ("21:00", 0),
        ("23:00", 0),
    ],
)
def test_a_provider_may_hold_a_text_until_five_minutes_before_closing(now: str, left: int) -> None:
    assert seconds_left(at(f"2026-07-08 {now}", CHICAGO), CHICAGO, FEDERAL) == left


def test_the_first_zone_to_close_decides_how_long() -> None:
    now = at("2026-07-08 19:00", NEW_YORK)
    assert seconds_left(now, f"{CHICAGO},{NEW_YORK}@8-20", FEDERAL) == 3600 - 300
    assert seconds_left(now, None, FEDERAL) == 3600 - 300


moments = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda seconds: at("2026-01-01") + timedelta(seconds=seconds)
)
zones = st.lists(
    st.sampled_from([NEW_YORK, CHICAGO, PHOENIX, "America/Denver", LOS_ANGELES, HONOLULU, "Europe/Warsaw"]),
    min_size=1,
    max_size=3,
    unique=True,
)
windows = st.tuples(st.integers(0, 24), st.integers(0, 24)).map(sorted).map(lambda pair: Window(*pair))
weeks = st.lists(windows, min_size=7, max_size=7).map(lambda days: Week(tuple(days)))


def is_open(now: datetime, places: dict[str, Week], window: Window) -> bool:
    """The rule itself, by looking at each wall clock."""
    clocks = ((now.astimezone(ZoneInfo(zone)), week) for zone, week in places.items())
    return all(
        window.start <= clock.hour < window.end and day.start <= clock.hour < day.end
        for clock, day in ((clock, week.days[clock.weekday()]) for clock, week in clocks)
    )


@given(now=moments, names=zones, week=weeks, window=windows)
def test_the_answer_is_open_and_nothing_before_it_was(
    now: datetime, names: list[str], week: Week, window: Window
) -> None:
    places = dict.fromkeys(names, week)
    answer = opens(now, ",".join(f"{name}@{week}" for name in names), window)
    closed_until = answer or now + timedelta(days=8)
    if answer is not None:
        assert answer >= now
        assert is_open(answer, places, window)
    quarter_hours = range(int((closed_until - now) / timedelta(minutes=15)) + 1)
    assert not any(
        is_open(moment, places, window)
        for moment in (now + n * timedelta(minutes=15) for n in quarter_hours)
        if moment < closed_until
    )


@given(now=moments, names=zones, window=windows)
def test_there_are_seconds_left_exactly_when_a_text_may_leave_now(
    now: datetime, names: list[str], window: Window
) -> None:
    places = ",".join(names)
    left = seconds_left(now, places, window)
    assert left is not None
    assert (left > 0) == (next_open(now, places, window) == now)
    if left:
        assert left >= 299
        assert is_open(now + LAST_DEPARTURE - timedelta(seconds=1), dict.fromkeys(names, ALWAYS), window)


@given(weeks)
def test_a_week_reads_back_as_it_is_written(week: Week) -> None:
    assert parse_week(str(week)) == week


def test_a_week_names_only_the_days_that_differ() -> None:
    assert str(parse_week("9-21;sat10-18;sun12-21")) == "9-21;sat10-18;sun12-21"
    assert str(parse_week("9-21")) == "9-21"
    assert len(DAYS) == 7


@given(weeks, weeks)
def test_the_hours_within_both_weeks_are_in_both(one: Week, other: Week) -> None:
    for both, a, b in zip(one.within(other).days, one.days, other.days, strict=True):
        hours = set(range(both.start, both.end))
        assert hours == set(range(a.start, a.end)) & set(range(b.start, b.end))


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("8-21", FEDERAL),
        (" 9 - 20 ", Window(9, 20)),
        ("0-24", Window(0, 24)),
        ("none", None),
        (" None ", None),
    ],
)
def test_a_window_is_read_as_people_write_it(text: str, window: Window | None) -> None:
    assert parse_window(text) == window


def test_a_window_shows_as_it_is_written() -> None:
    assert str(FEDERAL) == "8-21"


@pytest.mark.parametrize("text", ["", "8", "8-", "8-9pm", "8:00-21:00", "-8-21", "²-21"])
def test_what_is_no_window_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="isn't a span of hours; write 8-21, or none"):
        parse_window(text)


@pytest.mark.parametrize("text", ["21-8", "8-8", "8-25"])
def test_a_window_stays_within_one_day(text: str) -> None:
    with pytest.raises(ValueError, match="isn't a span within one day; write 8-21, or none"):
        parse_window(text)
