"""The charts of a report's page: where each bar, point and word stands. The template draws them.

They are 300 units wide, as a phone has room for, and grow with the page. No colour means anything alone: each
bar and point has its number beside it, and the same numbers stand in a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatcher.content.locales import is_known, locale_of
from dispatcher.rules.alert import Channel
from dispatcher.rules.shares import Share, interval, percent
from dispatcher.rules.small_counts import OTHER
from dispatcher.usecases.report.comparing import rate
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.report import Report
from dispatcher.usecases.report.timeline import Timeline
from dispatcher.usecases.report.words import shown

NAMES = {Channel.EMAIL: "Emails", Channel.SMS: "Texts"}
FUNNEL = (Measure.AUDIENCE, Measure.SENT, Measure.DELIVERED, Measure.CLICKED, Measure.ACTED)
_COMPARED = (Measure.CLICKED, Measure.ACTED)
_WIDTH = 300.0  # units
_PANEL = 34.0  # the height of one of the timeline's rows of bars
_MOST_LANGUAGES = 8
_WIDEST = 24.0  # of the timeline's bars: a single one shall not look like a wall


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its words. `inner` is the part of it that is filled; None: nobody knows how long it is."""

    label: str
    length: float | None
    inner: float
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars under one another."""

    title: str
    description: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure over time: a bar a slot, each as (x, height); `most` is what the highest stands for."""

    name: str
    most: str
    bars: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Times:
    """Panels over one axis; `ticks` are (x, words, anchor)."""

    title: str
    description: str
    panels: Sequence[Panel]
    width: float  # of a bar
    ticks: Sequence[tuple[float, str, str]]


@dataclass(frozen=True, slots=True)
class Point:
    """One alert's rate, and the range in which the true one lies, on the axis."""

    label: str
    at: float
    low: float
    high: float
    words: str
    this: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """One rate of this alert and of earlier ones."""

    title: str
    description: str
    points: Sequence[Point]
    end: str  # what the axis ends with


def funnels(report: Report) -> list[Bars]:
    """From the audience to those who acted, one a channel."""
    return [_funnel(channel, row) for channel, row in report.channels.items()]


def _funnel(channel: Channel, row: Row) -> Bars:
    whole = max(row.count(Measure.AUDIENCE), 1)
    bars = []
    for measure in FUNNEL:
        number, share = row[measure], rate(row, measure)
        if number is None and measure is not Measure.DELIVERED:
            continue  # of texts it isn't kept who clicked: no bar, rather than one that says nothing
        length = None if number is None else _WIDTH * number / whole
        words = shown(row, measure)
        if share is not None and measure not in {Measure.AUDIENCE, Measure.SENT}:
            words += f" · {percent(share)}"
        bars.append(Bar(str(measure), length, length or 0.0, words))
    told = ", ".join(f"{bar.label} {bar.words}" for bar in bars)
    return Bars(
        f"{NAMES[channel]}: from the audience to those who acted", f"{told}. Percents are of the sent.", bars
    )


def languages(report: Report) -> list[Bars]:
    """How many of each language, and how many of those arrived as far as anybody told; one a channel."""
    return [_languages(channel, rows) for channel, rows in report.languages.items() if len(rows) > 1]


def _languages(channel: Channel, rows: Sequence[Row]) -> Bars:
    whole = max((row.count(Measure.AUDIENCE) for row in rows), default=0) or 1
    told = (Measure.DELIVERED, Measure.SENT, Measure.AUDIENCE)
    filled = next(measure for measure in told if rows[0][measure] is not None)
    bars = [
        Bar(
            language_name(row.label),
            _WIDTH * row.count(Measure.AUDIENCE) / whole,
            _WIDTH * row.count(filled) / whole,
            f"{shown(row, Measure.AUDIENCE)} · {_acted(row)}",
        )
        for row in rows[:_MOST_LANGUAGES]
        if row.count(Measure.AUDIENCE)
    ]
    told_words = "; ".join(f"{bar.label}: audience {bar.words}" for bar in bars)
    return Bars(f"{NAMES[channel]} by language", f"{told_words}.", bars)


def _acted(row: Row) -> str:
    return "acts not known" if row[Measure.ACTED] is None else f"{shown(row, Measure.ACTED)} acted"


def language_name(code: str) -> str:
    """`es` as `Spanish`, for staff; what is no language stays as it is."""
    name = None if code == OTHER else locale_of(code).get_language_name("en")
    return name if name and is_known(code) else code


def times(timeline: Timeline) -> Times | None:
    """When messages left and arrived and people acted; None when nothing has happened."""
    slots = timeline.slots
    if not slots:
        return None
    step = _WIDTH / len(slots)
    numbers: Mapping[str, Sequence[int]] = {
        str(measure): [slot[measure] or 0 for slot in slots] for measure in timeline.measures
    }
    panels = [_panel(name, of, step) for name, of in numbers.items() if any(of)]
    first, last = (_when(slot.begins) for slot in (slots[0], slots[-1]))
    ticks = [(0.0, first, "start")] + [(_WIDTH, last, "end")] * (len(slots) > 1)
    by = "hour" if timeline.by_hour else "day"
    told = "; ".join(
        f"{panel.name}: {sum(numbers[panel.name]):,}, at most {panel.most} in one {by}" for panel in panels
    )
    return Times(f"By the {by}", f"From {first} to {last}. {told}.", panels, min(step * 0.8, _WIDEST), ticks)


def _panel(name: str, numbers: Sequence[int], step: float) -> Panel:
    most = max(numbers)
    bars = [(nth * step + step * 0.1, _PANEL * number / most) for nth, number in enumerate(numbers) if number]
    return Panel(name, f"{most:,}", bars)


def _when(begins: object) -> str:
    return f"{begins:%b %-d, %H:%M}" if isinstance(begins, datetime) else f"{begins:%b %-d}"


def rates(report: Report) -> list[Rates]:
    """Who clicked and who acted, of the sent: this alert beside the earlier ones."""
    found = []
    for channel, row in report.channels.items():
        for measure in _COMPARED:
            shares = [(f"{report.alert_id} (this)", rate(row, measure), True)] + [
                (f"{one.alert_id} · {one.began:%b %Y}", rate(one.channels[channel], measure), False)
                for one in report.earlier
                if channel in one.channels
            ]
            known = [(label, share, this) for label, share, this in shares if share is not None]
            if len(known) > 1 and known[0][2]:
                found.append(_rates(f"{NAMES[channel]}: {measure}, of the sent", known))
    return found


def _rates(title: str, shares: Iterable[tuple[str, Share, bool]]) -> Rates:
    ranges = [(label, share, this, interval(share)) for label, share, this in shares]
    end = max(high for *_, (_, high) in ranges)
    points = [
        Point(
            f"Alert {label}",
            _WIDTH * share.number / share.of / end,
            _WIDTH * low / end,
            _WIDTH * high / end,
            f"{percent(share)} · {share.number:,} of {share.of:,}",
            this,
        )
        for label, share, this, (low, high) in ranges
    ]
    told = "; ".join(f"{point.label}: {point.words}" for point in points)
    return Rates(title, f"{told}.", points, f"{100 * end:.1f}%")
