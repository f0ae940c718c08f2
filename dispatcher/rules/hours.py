"""Quiet hours: when a text may arrive, on the recipient's own clock.

Federal: 8 am to 9 pm (47 CFR 64.1200(c)(1)), our default setting. Stricter states are in rules.state_hours.

`subscribers.quiet_zones` keeps where a person may be, and how strict it is there, in one short string, so
that SQL can group people by it and one call of `next_open` answers for everybody who shares it:

    America/Chicago                          the zone; its hours are the setting's
    America/New_York@8-20                    a zone with stricter hours
    America/Denver,America/Phoenix           either of them: both must be open
    America/Chicago@9-21;sun12-21            other hours on Sundays
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Where nothing is known of a person: every zone of the fifty states and Puerto Rico, each at its strictest.
# A new area code can be any of those; the Pacific territories have one code each and are known by it.
EVERYWHERE = (
    "America/Adak,America/Anchorage,America/Chicago@9-20;sun12-20,America/Denver@9-21;sun12-21,"
    "America/Los_Angeles,America/New_York@9-20,America/Phoenix,America/Puerto_Rico,Pacific/Honolulu"
)

LAST_DEPARTURE = timedelta(minutes=10)  # before closing: what leaves later would expire at the provider
LAST_HANDOVER = timedelta(minutes=5)  # before closing: from the provider to the phone takes its time too

_HORIZON = timedelta(days=8)  # a weekly rule has come round by then

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` o'clock up to, not including, `end` o'clock; 24 is midnight. Equal: closed."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"

    def within(self, other: "Window") -> "Window":
        """The hours that are in both."""
        start = max(self.start, other.start)
        return Window(start, max(start, min(self.end, other.end)))


@dataclass(frozen=True, slots=True)
class Week:
    """The windows of one week, Monday first."""

    days: tuple[Window, ...]

    def __str__(self) -> str:
        usual = self.days[0]
        others = (f"{DAYS[n]}{day}" for n, day in enumerate(self.days) if day != usual)
        return ";".join((str(usual), *others))

    def within(self, other: "Week") -> "Week":
        """The hours that are in both."""
        return Week(tuple(a.within(b) for a, b in zip(self.days, other.days, strict=True)))


ALWAYS = Week((Window(0, 24),) * 7)


def parse_window(text: str) -> Window | None:
    """`8-21` as a Window, `none` as None; ValueError says what would be right."""
    if text.strip().lower() == "none":
        return None
    first, _, last = text.partition("-")
    if not (first.strip().isdecimal() and last.strip().isdecimal()):
        raise ValueError(f"{text!r} isn't a span of hours; write 8-21, or none")
    window = Window(int(first), int(last))
    if not 0 <= window.start < window.end <= 24:
        raise ValueError(f"{text!r} isn't a span within one day; write 8-21, or none")
    return window


def parse_week(text: str) -> Week:
    """`9-21;sun12-21` as a Week: the usual window, then the days that differ."""
    usual, *others = text.split(";")
    days = [_window(usual)] * 7
    for other in others:
        days[DAYS.index(other[:3])] = _window(other[3:])
    return Week(tuple(days))


def next_open(
    now: datetime, quiet_zones: str | None, window: Window | None, *, spare: timedelta = LAST_DEPARTURE
) -> datetime | None:
    """The moment, now or later, at which every zone of `quiet_zones` is inside its hours, with `spare` left.

    `now` is aware; `window` is the setting, and None lifts all hours. None as an answer: the hours don't meet
    within eight days, so such a text would never leave. `quiet_zones` None: nothing is known, see EVERYWHERE.
    """
    if window is None:
        return now
    places = _parse_quiet_zones(quiet_zones or EVERYWHERE)
    moment, horizon = now, now + _HORIZON
    while moment < horizon:
        opened = max(_opens(moment, zone, week, window, spare) for zone, week in places)
        if opened == moment:
            return moment
        moment = opened
    return None


def seconds_left(now: datetime, quiet_zones: str | None, window: Window | None) -> int | None:
    """How long a provider may hold a text that leaves now: until LAST_HANDOVER (Twilio's ValidityPeriod).

    0 when it must not leave now, which is exactly when `next_open` says later; None when hours are lifted.
    """
    if window is None:
        return None
    closing = []
    for zone, week in _parse_quiet_zones(quiet_zones or EVERYWHERE):
        opens, closes = next(_spans(now, zone, week, window))
        closing.append(closes if opens <= now else now)
    left = min(closing) - now
    return int((left - LAST_HANDOVER).total_seconds()) if left > LAST_DEPARTURE else 0


@cache
def _parse_quiet_zones(text: str) -> tuple[tuple[ZoneInfo, Week], ...]:
    places = []
    for place in text.split(","):
        zone, stricter, hours = place.partition("@")
        places.append((ZoneInfo(zone), parse_week(hours) if stricter else ALWAYS))
    return tuple(places)


def _opens(moment: datetime, zone: ZoneInfo, week: Week, window: Window, spare: timedelta) -> datetime:
    """The first moment at or after `moment` that is open in one zone; beyond the horizon if there is none."""
    for opens, closes in _spans(moment, zone, week, window):
        if closes - spare > max(opens, moment):
            return max(opens, moment)
    return moment + _HORIZON


def _spans(moment: datetime, zone: ZoneInfo, week: Week, window: Window) -> Iterator[Span]:
    """When one zone opens and closes on the local day of `moment` and on the eight after it, in UTC."""
    today = moment.astimezone(zone).date()
    for days in range(_HORIZON.days + 1):
        day = today + timedelta(days=days)
        hours = week.days[day.weekday()].within(window)
        yield _at(day, hours.start, zone), _at(day, hours.end, zone)


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The UTC moment of a wall clock's hour: the first of two, and the end of a gap, where clocks change."""
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), zone).astimezone(UTC)


def _window(text: str) -> Window:
    start, _, end = text.partition("-")
    return Window(int(start), int(end))
