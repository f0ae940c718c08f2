"""Pause, resume, cancel and correct an alert. Workers look at its state in every intent."""

from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.db import db_now
from dispatcher.errors import AlertNotRunning, BrokenCampaign, UnknownAlert
from dispatcher.models import Alert, Message
from dispatcher.rules.alert import AlertState, may_move_alert
from dispatcher.rules.moves import OPEN, Status
from dispatcher.settings import Settings
from dispatcher.usecases.moves import move_all
from dispatcher.usecases.open_alert import add_edition, edition_of, way_on


def active_alerts(session: Session, *states: AlertState) -> Sequence[int]:
    """Every alert in one of these states, but for those that have sent all they had: what `--all` means."""
    left = exists().where(Message.alert_id == Alert.id, Message.status.in_(OPEN))
    meant = (Alert.state.in_(states), or_(Alert.state != AlertState.RUNNING, left))
    return session.scalars(select(Alert.id).where(*meant).order_by(Alert.id)).all()


def pause(session: Session, alert_id: int, reason: str = "by hand") -> int:
    """Stop an alert between two messages; returns how many are with the provider at this moment."""
    _change(session, alert_id, AlertState.PAUSED, reason)
    in_flight = select(func.count()).where(Message.alert_id == alert_id, Message.status == Status.SENDING)
    return session.scalar(in_flight) or 0


def resume(session: Session, alert_id: int) -> None:
    """Go on with a paused alert; one that was still scheduled waits for its time again."""
    alert = _locked(session, alert_id)
    waits = alert.starts_at is not None and alert.laid_out_at is None
    alert.resumed_at = session.scalars(select(db_now())).one()
    _change(session, alert_id, AlertState.SCHEDULED if waits else AlertState.RUNNING, "")


def cancel(session: Session, alert_id: int, reason: str = "by hand") -> int:
    """End an alert for good; returns how many queued messages are never sent now."""
    _change(session, alert_id, AlertState.CANCELLED, reason)
    return move_all(session, alert_id, Status.CANCELLED, error="the alert was cancelled")


def correct(session: Session, settings: Settings, alert_id: int, frozen: Frozen) -> int:
    """Give those still queued a corrected edition; returns how many. What was sent keeps its own.

    Raises BrokenCampaign when somebody who is queued reads a language that the correction no longer has.
    """
    alert = _locked(session, alert_id)
    if alert.state in (AlertState.CANCELLED, AlertState.CLOSED):
        raise _not_possible(alert)
    _refuse_lost_languages(session, alert, frozen)
    alert.edition_number += 1
    alert.deadline = frozen.deadline
    add_edition(session, settings, alert, frozen, alert.edition_number)
    corrected = session.execute(
        update(Message)
        .where(Message.alert_id == alert_id, Message.status == Status.QUEUED)
        .values(edition_number=alert.edition_number)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    if alert.state is AlertState.PAUSED:
        resume(session, alert_id)
    return int(corrected)


def correction(session: Session, alert_id: int, frozen: Frozen) -> list[str]:
    """The lines in which the files differ from what the alert sends now; empty when they are the same."""
    return edition_of(session, session.get_one(Alert, alert_id)).differences(frozen)


def _refuse_lost_languages(session: Session, alert: Alert, frozen: Frozen) -> None:
    waiting = session.execute(
        select(Message.channel, Message.language)
        .where(Message.alert_id == alert.id, Message.status == Status.QUEUED)
        .distinct()
    ).all()
    for channel, language in waiting:
        if language not in frozen.languages_for(channel):
            raise BrokenCampaign(
                file=f"campaigns/{frozen.slug}/{language}/",
                place="",
                problem=f"people still wait for the {channel} in {language!r}; put its files back first.",
            )


def _change(session: Session, alert_id: int, state: AlertState, reason: str) -> None:
    alert = _locked(session, alert_id)
    if alert.state is state:
        return
    if not may_move_alert(alert.state, state):
        raise _not_possible(alert)
    alert.state, alert.state_reason = state, reason
    session.flush()


def _not_possible(alert: Alert) -> AlertNotRunning:
    return AlertNotRunning(alert=alert.id, state=alert.state, way_on=way_on(alert))


def _locked(session: Session, alert_id: int) -> Alert:
    query = (
        select(Alert).where(Alert.id == alert_id).with_for_update().execution_options(populate_existing=True)
    )
    alert = session.scalars(query).one_or_none()
    if alert is None:
        raise UnknownAlert(ref=str(alert_id))
    return alert
