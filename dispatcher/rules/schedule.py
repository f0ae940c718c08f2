"""When an alert's messages will leave: what staff are told before they say yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from dispatcher.rules.hours import Window, next_open, seconds_left
from dispatcher.rules.rates import Rate


@dataclass(frozen=True, slots=True)
class Departures:
    """The first and the last departure of one channel."""

    first: datetime
    last: datetime


def departures(
    units: Mapping[str, float], rate: Rate | None, now: datetime, window: Window | None = None
) -> Departures | None:
    """First and last departure of what is to be sent, in `units` of the rate for each quiet_zones.

    A channel is one queue: what is due goes in order; what is left when its hours end waits until they begin
    again (rules.hours; without a window nothing waits). None when nothing ever leaves.
    """
    waiting = [(now, zones, left) for zones, left in units.items() if left > 0]
    heapify(waiting)
    first, clock = None, now
    while waiting:
        due, zones, left = heappop(waiting)
        opens = next_open(max(clock, due), zones or None, window)
        if opens is None:
            continue
        if waiting and opens > max(clock, waiting[0][0]):  # somebody else can go before
            heappush(waiting, (opens, zones, left))
            continue
        clock = opens
        first = first or clock
        going = min(left, _most_before_closing(clock, zones, window, rate))
        clock += timedelta(seconds=going / rate.per_second if rate else 0)
        if going < left:
            heappush(waiting, (clock, zones, left - going))
    return Departures(first, clock) if first else None


def _most_before_closing(now: datetime, zones: str, window: Window | None, rate: Rate | None) -> float:
    """How many units fit in before the hours of `zones` end."""
    seconds = seconds_left(now, zones or None, window)
    return float("inf") if seconds is None or rate is None else seconds * rate.per_second
