"""Which alerts are public: those that went out to people, or to files where a house only practises."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.models import Alert, Edition
from dispatcher.rules.alert import Channel
from dispatcher.settings import Settings

_LARGEST = 2**31 - 1  # what a database takes for a number of an alert


@dataclass(frozen=True, slots=True)
class Published:
    """One alert, and the numbers of its editions by their own number: the newest first."""

    alert_id: int
    at: datetime  # when its messages were laid out
    channels: frozenset[Channel]  # on which it went out
    editions: tuple[tuple[int, int], ...]  # (number, id)
    updated: datetime  # when the newest of them was frozen


def published(
    session: Session, settings: Settings, *, limit: int, before: int | None = None
) -> list[Published]:
    """The newest alerts, of those older than alert `before` where it is given."""
    query = select(Alert).where(or_(*(_went_out(channel, settings) for channel in Channel)))
    if before is not None:
        query = query.where(Alert.id < before)
    return _with_editions(session, settings, session.scalars(query.order_by(Alert.id.desc()).limit(limit)))


def published_alert(session: Session, settings: Settings, alert_id: int) -> Published | None:
    """One alert; None when there is no such one, or nothing of it has gone out."""
    if alert_id > _LARGEST:
        return None
    here = or_(*(_went_out(channel, settings) for channel in Channel))
    found = _with_editions(
        session, settings, session.scalars(select(Alert).where(Alert.id == alert_id, here))
    )
    return found[0] if found else None


def contents(session: Session, edition_ids: Iterable[int]) -> dict[int, str]:
    """Edition id -> its content as JSON."""
    rows = session.execute(select(Edition.id, Edition.content).where(Edition.id.in_(edition_ids)))
    return {row.id: row.content for row in rows}


def _with_editions(session: Session, settings: Settings, alerts: Iterable[Alert]) -> list[Published]:
    alerts = list(alerts)
    rows: dict[int, list[tuple[int, int, datetime]]] = {}
    found = session.execute(
        select(Edition.alert_id, Edition.number, Edition.id, Edition.created_at)
        .where(Edition.alert_id.in_([alert.id for alert in alerts]))
        .order_by(Edition.number.desc())
    )
    for alert_id, number, edition_id, created_at in found:
        rows.setdefault(alert_id, []).append((number, edition_id, created_at))
    return [_published(alert, rows[alert.id], settings) for alert in alerts]


def _published(alert: Alert, rows: Sequence[tuple[int, int, datetime]], settings: Settings) -> Published:
    return Published(
        alert.id,
        alert.laid_out_at or alert.created_at,
        frozenset(channel for channel in Channel if _is_out(alert, channel, settings)),
        tuple((number, edition_id) for number, edition_id, _ in rows),
        rows[0][2],
    )


def _went_out(channel: Channel, settings: Settings) -> ColumnElement[bool]:
    """A worker has had messages of this channel in hand. It stays true when the messages are deleted."""
    served: InstrumentedAttribute[datetime | None] = (
        Alert.email_served_at if channel is Channel.EMAIL else Alert.sms_served_at
    )
    if all(settings.practice.values()):
        return served.is_not(None)
    return and_(served.is_not(None), Alert.practice.is_(False), Alert.practice_channels != channel)


def _is_out(alert: Alert, channel: Channel, settings: Settings) -> bool:
    served = alert.email_served_at if channel is Channel.EMAIL else alert.sms_served_at
    return served is not None and (all(settings.practice.values()) or alert.practice_channels != channel)
