"""Times as people type them and as people read them, on this machine's clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click


class At(click.ParamType[datetime]):
    """A moment to come: `2026-12-01T09:00`, with or without an offset, or `09:00` (the next one)."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        moment = parse_moment(value, datetime.now(UTC))
        if moment is None:
            self.fail(
                f"{value!r} isn't a time; write 2026-12-01T09:00, or 09:00 for the next one.", param, ctx
            )
        if moment <= datetime.now(UTC):
            self.fail(f"{value!r} has passed already.", param, ctx)
        return moment


AT = At()


def parse_moment(text: str, now: datetime) -> datetime | None:
    """A written time as UTC; without an offset it is on this machine's clock. None when it isn't a time."""
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except OverflowError:  # a year that no clock shows
        return None
    except ValueError:
        return _time_of_day(text, now)


def _time_of_day(text: str, now: datetime) -> datetime | None:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        return None
    # Without its offset: tomorrow's may be another one.
    local = now.astimezone().replace(tzinfo=None)
    moment = local.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    return (moment if moment > local else moment + timedelta(days=1)).astimezone(UTC)


def clock(moment: datetime, now: datetime | None = None) -> str:
    """A moment as staff read it: `21:05`, `Tue 09:00`, or with its date when it is further away."""
    local = moment.astimezone()
    days = (local.date() - (now or datetime.now(UTC)).astimezone().date()).days
    if days == 0:
        return f"{local:%H:%M}"
    return f"{local:%a %H:%M}" if 0 < days < 7 else f"{local:%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h 20 min`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
