"""Moments as sites and spreadsheets write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.told_moments import may_be, told_moment

CHICAGO = ZoneInfo("America/Chicago")
EVENING = datetime(2026, 11, 6, 2, 15, tzinfo=UTC)  # 8:15 pm in Chicago, on the fifth
NOON = datetime(2026, 11, 5, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-05T20:15:00-06:00",
        "2026-11-06T02:15:00Z",
        "2026-11-06 02:15:00 UTC",
        "2026-11-05 20:15",
        "2026-11-05 20:15:00 CST",
        "11/5/2026 20:15",
        "11/05/2026 8:15 PM",
        "11/05/26 8:15 PM",
        "11/05/2026 8:15:00 PM (CST)",
        "11/05/2026, 8:15\u202fPM",
        "11-05-2026 08:15 p.m.",
        "Nov 5, 2026, 8:15 PM",
        "Nov 5, 2026 at 8:15pm",
        "November 5, 2026 9:15 PM EST",
        "5 November 2026 20:15",
        "1793931300",
        "1793931300.0",
        "1793931300000",
    ],
)
def test_a_moment_is_read_however_it_is_written(written: str) -> None:
    assert told_moment(written, CHICAGO) == EVENING


@pytest.mark.parametrize("written", ["2026-11-05", "11/5/2026", "11/05/26", "Nov 5, 2026", " 2026/11/05 "])
def test_a_day_alone_is_its_noon(written: str) -> None:
    assert told_moment(written, CHICAGO) == NOON


@pytest.mark.parametrize(
    "written",
    [
        "",
        "  ",
        "yesterday",
        "31/12/2026",
        "2026-13-01",
        "2026-11-05T99:00",
        "12",
        "0",
        "-1",
        "9" * 400,
        "11/5",
    ],
)
def test_what_cannot_be_read_is_nothing(written: str) -> None:
    assert told_moment(written, CHICAGO) is None


def test_a_moment_at_the_end_of_time_is_nothing() -> None:
    assert told_moment("9999-12-31T23:59:59-12:00", CHICAGO) is None


@given(st.text(max_size=80))
def test_no_words_make_it_fail(written: str) -> None:
    found = told_moment(written, CHICAGO)
    assert found is None or found.tzinfo is UTC


def test_nobody_has_acted_tomorrow_or_before_there_were_such_sites() -> None:
    assert may_be(NOON, NOON)
    assert may_be(NOON + timedelta(hours=23), NOON)
    assert not may_be(NOON + timedelta(days=2), NOON)
    assert not may_be(datetime(1970, 1, 1, tzinfo=UTC), NOON)
