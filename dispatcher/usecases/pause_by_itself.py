"""An alert that pauses by itself: before everybody else gets the same refusal, and somebody is told."""

from sqlalchemy.orm import Session

from dispatcher.models import Alert
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState
from dispatcher.usecases.alarms.note import raise_alarm
from dispatcher.usecases.steer import pause


def pause_by_itself(session: Session, alert_id: int, reason: str, *, told: str, cause: str) -> bool:
    """Pause a running alert; False when it isn't running (any more).

    `reason` is what staff read in `dispatch status`: why, and how to go on. `told` is what leaves the house
    as an alarm: without a provider's words. `cause` tells one kind of pause from another.
    """
    alert = session.get_one(Alert, alert_id, with_for_update=True, populate_existing=True)
    if alert.state is not AlertState.RUNNING:
        return False
    pause(session, alert_id, reason)
    subject = pause_subject(alert_id, cause)
    raise_alarm(session, Event.ALERT_PAUSED, told, subject=subject, alert_id=alert_id, again=True)
    return True


def pause_subject(alert_id: int, cause: str) -> str:
    """What the alarms of one alert's pauses for one cause are filed under."""
    return f"alert {alert_id} {cause}"
