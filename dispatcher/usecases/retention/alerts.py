"""Alerts that were over long ago: closed for good, counted, and then without their messages.

Closing comes first and by itself. While an alert may go on, each of its messages keeps its address from being
written to twice; a closed one is never continued, so nothing is lost when they go.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, delete, exists, func, select, update
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.db import db_now
from dispatcher.models import Alert, Base, Chunk, Closing, DeliveryLogEntry, Edition, List, Message
from dispatcher.rules.alert import ALERT_MOVES, AlertState
from dispatcher.rules.moves import OPEN
from dispatcher.settings import Settings
from dispatcher.usecases.last_attempt import last_attempt
from dispatcher.usecases.retention.duty import Duty
from dispatcher.usecases.retention.totals import write_totals

_MAY_CLOSE = tuple(state for state, after in ALERT_MOVES.items() if AlertState.CLOSED in after)


def closing(settings: Settings) -> Duty:
    """Alerts whose last event was so long ago that they are closed."""

    def due(session: Session) -> Iterator[Alert]:
        now = session.scalars(select(db_now())).one()
        for alert, last in _over(session):
            if last + kept_for(session, settings, alert) < now:
                yield alert

    def do(session: Session, at_most: int) -> int:
        del at_most  # each counts all its messages: one is enough for a transaction
        found = next(due(session), None)
        return 0 if found is None else close(session, settings, found.id)

    def next_at(session: Session) -> datetime | None:
        moments = [last + kept_for(session, settings, alert) for alert, last in _over(session)]
        return min(moments, default=None)

    return Duty(
        "messages of alerts, with their log",
        f"{settings.retain_detail_days} days; {settings.retain_detail_days_sensitive} if sensitive",
        lambda session: sum(1 for _ in due(session)),
        do,
        next_at,
    )


def emptying() -> Duty:
    """What is still here of closed alerts."""

    def waiting(session: Session) -> int:
        left = exists().where(Closing.alert_id == Message.alert_id, Closing.emptied_at.is_(None))
        unfinished = select(func.count()).select_from(Closing).where(Closing.emptied_at.is_(None))
        messages = session.scalar(select(func.count()).select_from(Message).where(left)) or 0
        return messages or session.scalar(unfinished) or 0

    return Duty("messages of closed alerts", "no longer", waiting, _empty, lambda _session: None)


def kept_for(session: Session, settings: Settings, alert: Alert) -> timedelta:
    """How long after its last event an alert keeps its messages."""
    return _kept(settings, sensitive=is_sensitive(session, alert))


def _kept(settings: Settings, *, sensitive: bool) -> timedelta:
    return timedelta(days=settings.retain_detail_days_sensitive if sensitive else settings.retain_detail_days)


def is_sensitive(session: Session, alert: Alert) -> bool:
    """Whether its campaign is, or one of its lists."""
    slugs = json.loads(alert.audience).get("lists", [])  # none, of an alert that a journal has brought back
    on_list = select(List.id).where(List.slug.in_(slugs), List.sensitive).limit(1)
    if session.scalar(on_list) is not None:
        return True
    contents = session.scalars(select(Edition.content).where(Edition.alert_id == alert.id))
    return any(Frozen.from_json(content).sensitive for content in contents)


def never_over(session: Session) -> list[int]:
    """Alerts that keep their messages because some of these could still be sent: paused ones, mostly."""
    still = exists().where(Message.alert_id == Alert.id, Message.status.in_(OPEN))
    return list(session.scalars(select(Alert.id).where(still).order_by(Alert.id)))


def _over(session: Session, *which: ColumnElement[bool]) -> Iterator[tuple[Alert, datetime]]:
    """Alerts that have nothing left to send and could be closed, with their last event, the oldest first."""
    of_alert = select(func.max(DeliveryLogEntry.at)).where(DeliveryLogEntry.alert_id == Alert.id)
    newest = of_alert.correlate(Alert).scalar_subquery()
    still = exists().where(Message.alert_id == Alert.id, Message.status.in_(OPEN))
    rows = session.execute(
        select(Alert, newest)
        .where(Alert.state.in_(_MAY_CLOSE), Alert.laid_out_at.is_not(None), ~still, *which)
        .order_by(Alert.id)
    ).all()
    for alert, last in rows:
        yield alert, max(filter(None, (last, alert.laid_out_at)))


def close(session: Session, settings: Settings, alert_id: int) -> int:
    """Close one for good, looked at again under its lock; 0 when somebody has just continued it."""
    session.refresh(session.get_one(Alert, alert_id), with_for_update=True)
    found = next(_over(session, Alert.id == alert_id), None)
    if found is None:
        return 0
    alert, last = found
    sensitive = is_sensitive(session, alert)
    kept = _kept(settings, sensitive=sensitive)
    alert.state = AlertState.CLOSED
    alert.state_reason = (
        f"Its messages were deleted {kept.days} days after its last event; counts are left. "
        "The next one opens with `dispatch send --again NAME`."
    )
    session.add(Closing(alert_id=alert.id, last_event_at=last_attempt(session, alert_id) or last))
    write_totals(session, alert.id, sensitive=sensitive)
    session.flush()
    return 1


def _empty(session: Session, at_most: int) -> int:
    """Delete some messages of a closed alert, with their log; then its chunks, and it is done."""
    alert_id = session.scalar(
        select(Closing.alert_id).where(Closing.emptied_at.is_(None)).order_by(Closing.alert_id).limit(1)
    )
    if alert_id is None:
        return 0
    some = select(Message.id).where(Message.alert_id == alert_id).order_by(Message.id).limit(at_most)
    ids = session.scalars(some).all()
    if ids:
        session.execute(_deletion(DeliveryLogEntry).where(DeliveryLogEntry.message_id.in_(ids)))
        session.execute(_deletion(Message).where(Message.id.in_(ids)))
        return len(ids)
    session.execute(_deletion(DeliveryLogEntry).where(DeliveryLogEntry.alert_id == alert_id))
    session.execute(_deletion(Chunk).where(Chunk.alert_id == alert_id))
    session.execute(update(Closing).where(Closing.alert_id == alert_id).values(emptied_at=db_now()))
    return 1


def _deletion(table: type[Base]) -> Delete:
    return delete(table).execution_options(synchronize_session=False)
