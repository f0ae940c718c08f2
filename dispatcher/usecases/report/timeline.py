"""When an alert's messages left and arrived, and when people acted: by hour, or by day of a long one."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dispatcher.models import Action, Alert, DeliveryLogEntry
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status
from dispatcher.usecases.report.answers import Span
from dispatcher.usecases.report.measures import Measure

_SHORT = timedelta(hours=48)  # what fits in so much is told by the hour
_MOST_DAYS = 31
_LOGGED = {Status.SENT: Measure.SENT, Status.DELIVERED: Measure.DELIVERED}
_TIMED = (Measure.SENT, Measure.DELIVERED, Measure.ACTED)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """What happened in an hour, or on a day, of the zone that was asked for. None: nobody knows, or tells."""

    begins: datetime | date
    sent: int | None
    delivered: int | None
    acted: int | None

    def __getitem__(self, measure: Measure) -> int | None:
        number: int | None = getattr(self, measure)
        return number


@dataclass(frozen=True, slots=True)
class Timeline:
    """Slots without a gap from the first event on; at most a month of days. `later`: events after that."""

    by_hour: bool
    slots: tuple[Slot, ...]
    later: int = 0

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is known of its slots."""
        return tuple(one for one in _TIMED if any(slot[one] is not None for slot in self.slots))


_Events = Counter[tuple[datetime, Measure]]  # by the hour (UTC) that they were in


def timeline_of(
    session: Session, alert: Alert, span: Span, zone: tzinfo | None, *, sensitive: bool
) -> Timeline:
    """`zone` is whose hours and days they are; None: this machine's. Of a sensitive alert there are only days
    and nobody's act: its hour says something of a person. Of a closed one there are acts alone.
    """
    events, known = _Events(), set[Measure]()
    if alert.state is not AlertState.CLOSED:
        events += _logged(session, alert)
        known |= {Measure.SENT} | ({measure for _, measure in events} & {Measure.DELIVERED})
    if not sensitive:
        events += _acted(session, alert, span)
        known.add(Measure.ACTED)
    hours = [hour for hour, _ in events]
    if not hours:
        return Timeline(by_hour=not sensitive, slots=())
    if not sensitive and max(hours) - min(hours) < _SHORT:
        each_hour = [min(hours) + nth * _HOUR for nth in range((max(hours) - min(hours)) // _HOUR + 1)]
        return Timeline(True, tuple(_slot(events, known, hour, hour.astimezone(zone)) for hour in each_hour))
    return _by_day(events, known, zone)


def _by_day(events: _Events, known: Collection[Measure], zone: tzinfo | None) -> Timeline:
    days: Counter[tuple[date, Measure]] = Counter()
    for (hour, measure), number in events.items():
        days[hour.astimezone(zone).date(), measure] += number
    first, last = min(day for day, _ in days), max(day for day, _ in days)
    shown = [first + nth * _DAY for nth in range(min((last - first) // _DAY + 1, _MOST_DAYS))]
    slots = tuple(_slot(days, known, day, day) for day in shown)
    return Timeline(False, slots, sum(number for (day, _), number in days.items() if day > shown[-1]))


def _slot(
    events: Mapping[tuple[Any, Measure], int],
    known: Collection[Measure],
    key: Any,
    begins: datetime | date,
) -> Slot:
    return Slot(begins, *(events.get((key, one), 0) if one in known else None for one in _TIMED))


def _logged(session: Session, alert: Alert) -> _Events:
    """By hour (UTC) and what it was, folded by the database: a line of the log each."""
    hour = _hour_of(session, DeliveryLogEntry.at.expression)
    rows = session.execute(
        select(hour, DeliveryLogEntry.status, func.count())
        .where(DeliveryLogEntry.alert_id == alert.id, DeliveryLogEntry.status.in_(_LOGGED))
        .group_by(hour, DeliveryLogEntry.status)
    )
    return Counter({(_moment(text), _LOGGED[status]): number for text, status, number in rows})


def _acted(session: Session, alert: Alert, span: Span) -> _Events:
    """Acts of anybody: whom this alert had asked makes no difference to when."""
    hour = _hour_of(session, Action.at.expression)
    rows = session.execute(
        select(hour, func.count())
        .where(Action.campaign_id == alert.campaign_id, span.holds(Action.at))
        .group_by(hour)
    )
    return Counter({(_moment(text), Measure.ACTED): number for text, number in rows})


def _hour_of(session: Session, at: ColumnElement[datetime]) -> ColumnElement[str]:
    """SQL: the hour of a moment, as `2026-11-03 14` (UTC)."""
    if session.connection().dialect.name == "sqlite":
        return func.strftime("%Y-%m-%d %H", at)
    return func.to_char(func.timezone("UTC", at), "YYYY-MM-DD HH24")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC)
