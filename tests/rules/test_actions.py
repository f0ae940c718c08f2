"""For how long an act counts, and who is thanked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatcher.rules.actions import counts_from, day_of, is_thanked

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_a_day_is_the_organisations() -> None:
    evening = datetime(2026, 11, 6, 2, 15, tzinfo=UTC)
    assert day_of(evening, CHICAGO) == datetime(2026, 11, 5, 6, 0, tzinfo=UTC)
    assert day_of(evening, UTC) == datetime(2026, 11, 6, tzinfo=UTC)


def test_acts_count_for_a_month_and_since_the_last_alert() -> None:
    month = datetime(2026, 10, 24, 5, 0, tzinfo=UTC)
    assert counts_from(None, NOW, CHICAGO) == month
    assert counts_from(NOW - timedelta(days=3), NOW, CHICAGO) == month
    assert counts_from(NOW - timedelta(days=40), NOW, CHICAGO) == datetime(2026, 10, 14, 5, 0, tzinfo=UTC)


def test_thanks_come_within_a_week() -> None:
    assert is_thanked(NOW - timedelta(days=7), NOW)
    assert not is_thanked(NOW - timedelta(days=7, seconds=1), NOW)
