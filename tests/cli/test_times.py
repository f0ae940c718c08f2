"""Times as people type and read them: on the machine's clock, whatever its clock does in spring."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest
import time_machine

from dispatcher.cli.times import AT, clock, duration, parse_moment

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 12, 1, 10, 30, tzinfo=CHICAGO)


@pytest.fixture(autouse=True)
def _in_chicago() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-05T09:00", at(12, 5, 9)),
        (" 2026-12-05 09:00 ", at(12, 5, 9)),
        ("2026-12-05", at(12, 5, 0)),
        ("2026-12-05T09:00-05:00", at(12, 5, 8)),
        ("2026-12-05T15:00Z", at(12, 5, 9)),
        ("11:05", at(12, 1, 11, 5)),
        ("9:00", at(12, 2, 9)),
        ("10:30", at(12, 2, 10, 30)),
    ],
)
def test_a_written_time_is_on_this_machines_clock(text: str, moment: datetime) -> None:
    found = parse_moment(text, NOW.astimezone(UTC))
    assert found == moment
    assert found.tzinfo is UTC


def test_a_time_beyond_the_change_of_the_clocks_is_on_the_clock_of_that_day() -> None:
    assert parse_moment("2027-04-01T09:00", NOW) == datetime(2027, 4, 1, 14, 0, tzinfo=UTC)
    eve = datetime(2027, 3, 13, 22, 0, tzinfo=CHICAGO)
    assert parse_moment("09:00", eve) == datetime(2027, 3, 14, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "09:60", "9", "0900", "09:00:00", "-1:30", "2026-13-01", "9999-12-31T23:59"]
)
def test_anything_else_is_no_time(text: str) -> None:
    assert parse_moment(text, NOW) is None


def test_the_option_takes_a_moment_to_come() -> None:
    assert AT.convert("11:00", None, None) == at(12, 1, 11)
    assert AT.convert(NOW, None, None) is NOW


@pytest.mark.parametrize(
    ("text", "words"),
    [("2026-12-01T10:30", "has passed already"), ("soon", "write 2026-12-01T09:00, or 09:00")],
)
def test_the_option_refuses_what_is_past_or_no_time(text: str, words: str) -> None:
    with pytest.raises(click.BadParameter, match=words):
        AT.convert(text, None, None)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(12, 1, 21, 5), "21:05"),
        (at(12, 1, 8), "08:00"),
        (at(12, 2, 0), "Wed 00:00"),
        (at(12, 7, 23, 59), "Mon 23:59"),
        (at(12, 8, 9), "2026-12-08 09:00"),
        (at(11, 30, 9), "2026-11-30 09:00"),
    ],
)
def test_a_moment_is_read_with_as_much_of_its_date_as_it_needs(moment: datetime, words: str) -> None:
    assert clock(moment.astimezone(UTC)) == words


def test_a_moment_can_be_read_from_another_day() -> None:
    assert clock(at(12, 1, 21), now=at(11, 30, 21)) == "Tue 21:00"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=40.4), "40 s"),
        (timedelta(seconds=99), "99 s"),
        (timedelta(seconds=100), "2 min"),
        (timedelta(minutes=99), "99 min"),
        (timedelta(minutes=100), "1 h 40 min"),
        (timedelta(hours=30), "30 h 0 min"),
    ],
)
def test_a_duration_is_told_roughly(time: timedelta, words: str) -> None:
    assert duration(time.total_seconds()) == words
