"""How much may leave in a day, where a provider or a carrier counts by the day."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo


def day_ends(now: datetime, zone: str) -> datetime:
    """The next midnight after `now` on a zone's clock, as UTC. T-Mobile's daily segments are counted anew at
    midnight Pacific time (Twilio, error 30023).
    """
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def fitting(units: Sequence[int], used: int, allowed: int) -> int:
    """How many of these messages, in their order, may still leave today.

    A message that is larger than a whole day goes first thing in the day: it would never leave otherwise.
    """
    for number, cost in enumerate(units):
        if used + cost > allowed and used > 0:
            return number
        used += cost
    return len(units)


def last_departure(
    units: float, left: int, allowed: int, now: datetime, zone: str, *, takes: timedelta
) -> datetime:
    """When the last of so many units leaves, at `left` today and `allowed` each following day.

    `takes`: how long they would take without the day's limit.
    """
    if units <= left:
        return now + takes
    days = ceil((units - left) / allowed)
    last_day = day_ends(now, zone) + timedelta(days=days - 1)
    on_that_day = (units - left) - (days - 1) * allowed
    return last_day + takes * (on_that_day / units)
