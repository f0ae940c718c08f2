"""Who has acted is spared: left out of the next alert, and of what still waits of the running one."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Action, Alert, Campaign, Message, Subscriber
from dispatcher.rules.actions import counts_from
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status
from dispatcher.settings import Settings
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.moves import move_all

HAS_ACTED = "has acted already"  # in the plan, in `why not`, and in the log of what was withdrawn
_MAY_GO_ON = (AlertState.RUNNING, AlertState.PAUSED)


def have_acted(
    session: Session,
    settings: Settings,
    slug: str,
    choice: Choice,
    *,
    alert_id: int | None = None,
    noted_by: datetime | None = None,
) -> ColumnElement[bool] | None:
    """SQL over Subscriber: whether somebody has acted already for what this alert asks; None: it writes to
    them, too. `noted_by`: as it was known then.
    """
    campaign_id = session.scalar(select(Campaign.id).where(Campaign.slug == slug))
    if choice.include_acted or campaign_id is None:
        return None
    return exists().where(
        Action.campaign_id == campaign_id,
        Action.subscriber_id == Subscriber.id,
        Action.at >= _since(session, settings, campaign_id, choice, alert_id),
        true() if noted_by is None else func.coalesce(Action.noted_at, Action.at) <= noted_by,
    )


def spare(session: Session, settings: Settings, acts: Mapping[tuple[int, int], datetime]) -> None:
    """Of alerts that are being sent, withdraw what waits for people who have just acted for their campaign.

    `acts`: (campaign, subscriber) -> when. Once here, so that no message pays for a look when it leaves.
    """
    for campaign_id in sorted({campaign for campaign, _ in acts}):
        going = select(Alert).where(Alert.campaign_id == campaign_id, Alert.state.in_(_MAY_GO_ON))
        for alert in session.scalars(going.where(Alert.laid_out_at.is_not(None)).order_by(Alert.id)).all():
            choice = Choice.from_json(alert.audience)
            since = _since(session, settings, campaign_id, choice, alert.id)
            people = [person for (of, person), at in acts.items() if of == campaign_id and at >= since]
            if people and not choice.include_acted:
                _withdraw(session, alert.id, people)


def _withdraw(session: Session, alert_id: int, people: list[int]) -> None:
    waiting = (
        select(Message.id)
        .where(Message.alert_id == alert_id, Message.subscriber_id.in_(people))
        .where(Message.status == Status.QUEUED)
        .order_by(Message.id)
        .with_for_update()
    )
    ids = session.scalars(waiting).all()
    if ids:
        move_all(session, alert_id, Status.SKIPPED, Message.id.in_(ids), error=HAS_ACTED)


def _since(
    session: Session, settings: Settings, campaign_id: int, choice: Choice, alert_id: int | None
) -> datetime:
    """From when on acts count: what campaign.toml says, else rules.actions.counts_from."""
    zone = ZoneInfo(settings.org_zone)
    if choice.acted_since:
        return datetime.combine(date.fromisoformat(choice.acted_since), time(), zone)
    earlier = select(func.max(Alert.laid_out_at)).where(
        Alert.campaign_id == campaign_id, Alert.practice.is_(False)
    )
    begun = None
    if alert_id is not None:
        earlier = earlier.where(Alert.id < alert_id)
        begun = session.scalar(select(Alert.laid_out_at).where(Alert.id == alert_id))
    return counts_from(session.scalar(earlier), begun or session.scalars(select(db_now())).one(), zone)
