"""Limits by the day."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.rules.daily import day_ends, fitting, last_departure

PACIFIC = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 12, 1, 16, 0, tzinfo=UTC), datetime(2026, 12, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 12, 2, 7, 59, tzinfo=UTC), datetime(2026, 12, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 12, 2, 8, 0, tzinfo=UTC), datetime(2026, 12, 3, 8, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 9, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),  # 23 hours long
    ],
)
def test_a_day_ends_at_midnight_on_the_carriers_clock(now: datetime, ends: datetime) -> None:
    assert day_ends(now, PACIFIC) == ends


@pytest.mark.parametrize(
    ("units", "used", "allowed", "go"),
    [
        ([1, 1, 1], 0, 10, 3),
        ([1, 1, 1], 8, 10, 2),
        ([2, 1], 9, 10, 0),  # in their order: who is small doesn't overtake
        ([1], 10, 10, 0),
        ([], 10, 10, 0),
        ([12, 1], 0, 10, 1),  # it would never leave otherwise
        ([1, 12], 0, 10, 1),
    ],
)
def test_as_many_go_as_fit_into_what_is_left(units: list[int], used: int, allowed: int, go: int) -> None:
    assert fitting(units, used, allowed) == go


def test_what_fits_into_today_leaves_as_fast_as_its_rate() -> None:
    now = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert last_departure(500, 500, 2000, now, PACIFIC, takes=hour) == now + hour


def test_the_rest_leaves_on_the_days_after() -> None:
    now = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    takes = timedelta(hours=10)
    tomorrow, day_after = (datetime(2026, 12, day, 8, 0, tzinfo=UTC) for day in (2, 3))
    assert last_departure(5000, 500, 4500, now, PACIFIC, takes=takes) == tomorrow + takes * 0.9
    assert last_departure(5000, 0, 4500, now, PACIFIC, takes=takes) == day_after + takes * 0.1
