"""What has changed about alerts since webhooks were last told: they have a state, and no history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Alert, Message, WebhookAlert
from dispatcher.rules.alert import AlertState, shown_state
from dispatcher.rules.moves import OPEN
from dispatcher.rules.webhooks import Event, Kind, event_key

FINISHED = "finished"
_REACHED = {
    AlertState.PAUSED: Kind.ALERT_PAUSED,
    AlertState.CANCELLED: Kind.ALERT_CANCELLED,
    FINISHED: Kind.ALERT_FINISHED,
}
_GOES_ON_FROM = {AlertState.PAUSED, FINISHED}


def changed_alerts(session: Session, begins_at: datetime) -> list[Event]:
    """What has happened to alerts; remembers it. Of those older than `begins_at` that were never looked at
    it only remembers how they are.
    """
    events: list[Event] = []
    for alert, state, before, happened in _changes(session, begins_at):
        if before is None:
            session.add(WebhookAlert(alert_id=alert.id, state=state, resumed_at=alert.resumed_at))
        else:
            before.state, before.resumed_at = state, alert.resumed_at
        events += happened
    session.flush()
    return events


def untold_changes(session: Session, begins_at: datetime) -> list[Event]:
    """What `changed_alerts` would tell; remembers nothing."""
    return [event for *_, happened in _changes(session, begins_at) for event in happened]


def anything_changed(session: Session) -> bool:
    """Whether `changed_alerts` would have something to remember."""
    seen = {one.alert_id: (one.state, one.resumed_at) for one in session.scalars(select(WebhookAlert))}
    return any(seen.get(alert.id) != (state, alert.resumed_at) for alert, state in _states(session))


def forget_states(session: Session) -> None:
    """Begin anew: nobody was told of anything for a while."""
    session.execute(delete(WebhookAlert))


def _states(session: Session) -> Iterator[tuple[Any, str]]:
    """Every alert that isn't closed, and what a CRM would call its state. A few hundred at the most."""
    is_open = exists().where(Message.alert_id == Alert.id, Message.status.in_(OPEN))
    rows = session.execute(
        select(
            *(Alert.id, Alert.state, Alert.created_at, Alert.resumed_at, Alert.laid_out_at),
            *(Alert.campaign_id, Alert.practice, is_open.label("open")),
        )
        .where(Alert.state != AlertState.CLOSED)
        .order_by(Alert.id)
    )
    for row in rows:
        at_work = int(row.open or row.laid_out_at is None)  # not "holding": that passes by itself
        yield row, shown_state(row.state, queued=at_work, sending=0, due=at_work)


def _changes(
    session: Session, begins_at: datetime
) -> list[tuple[Any, str, WebhookAlert | None, list[Event]]]:
    """Alerts that aren't as they were: how they are, how they were, and what that means."""
    seen = {one.alert_id: one for one in session.scalars(select(WebhookAlert))}
    now = session.scalars(select(db_now())).one()
    found: list[tuple[Any, str, WebhookAlert | None, list[Event]]] = []
    for alert, state in _states(session):
        before = seen.get(alert.id)
        if before is None:
            new = alert.created_at > begins_at
            opened = _event(alert, state, Kind.ALERT_OPENED, alert.created_at)
            found.append((alert, state, None, [opened, *_reached(alert, state, now)] if new else []))
        elif (before.state, before.resumed_at) != (state, alert.resumed_at):
            found.append((alert, state, before, list(_since(alert, before, state, now))))
    return found


def _since(alert: Any, before: WebhookAlert, state: str, now: datetime) -> Iterator[Event]:
    if alert.resumed_at not in (None, before.resumed_at):
        if before.state != AlertState.PAUSED:  # the pause was over before anybody looked
            yield _event(alert, AlertState.PAUSED, Kind.ALERT_PAUSED, alert.resumed_at)
        yield _event(alert, state, Kind.ALERT_RESUMED, alert.resumed_at)
    elif before.state in _GOES_ON_FROM and state == AlertState.RUNNING:
        yield _event(alert, state, Kind.ALERT_RESUMED, now)  # people who were missing
    if before.state != state:
        yield from _reached(alert, state, now)


def _reached(alert: Any, state: str, now: datetime) -> Iterator[Event]:
    if state in _REACHED:
        yield _event(alert, state, _REACHED[state], now)


def _event(alert: Any, state: str, kind: Kind, at: datetime) -> Event:
    about = {
        "alert": alert.id,
        "campaign": alert.campaign_id,
        "state": str(state),
        "practice": alert.practice,
    }
    return Event(event_key("alert", alert.id, kind, at.isoformat()), kind, at, about)
