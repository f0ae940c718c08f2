"""How far an alert is: the object that `send --wait --json` and `status --json` give."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import UnknownAlert
from dispatcher.models import Alert, Campaign, Chunk, DailyUse, DeliveryLogEntry, Message
from dispatcher.rules.alert import AlertState, Channel, shown_state
from dispatcher.rules.moves import Status
from dispatcher.usecases.daily import used_up
from dispatcher.usecases.retention.totals import last_event, totals

# Work that is due so soon isn't worth a "holding": a retry in a minute, a limit's next slot.
_SOON = timedelta(seconds=120)
_HIGHEST_ID = 2**31 - 1  # PostgreSQL compares no id with a greater number


@dataclass(frozen=True, slots=True)
class Progress:
    """An alert as staff see it."""

    alert_id: int
    slug: str
    name: str
    title: str
    edition: int
    state: str
    reason: str
    held_until: datetime | None
    practice: bool
    counts: dict[str, dict[str, int]]  # channel -> status -> messages
    seconds: float  # from its start until now, or to its newest event once it is over
    segments: tuple[str, ...] = ()  # only who is in one of them
    exceptions: tuple[str, ...] = ()  # but not who is in all of these

    @property
    def total(self) -> int:
        return sum(sum(by_status.values()) for by_status in self.counts.values())

    def count(self, *statuses: Status) -> int:
        """Messages of every channel in any of these."""
        return sum(by_status.get(status, 0) for by_status in self.counts.values() for status in statuses)

    def as_json(self) -> dict[str, Any]:
        """The contract's object."""
        return {
            "alert": self.alert_id,
            "campaign": self.slug,
            "name": self.name,
            "edition": self.edition,
            "state": self.state,
            "reason": self.reason,
            "held_until": self.held_until.isoformat() if self.held_until else None,
            "practice": self.practice,
            "counts": self.counts,
            "seconds": round(self.seconds, 1),
            "segments": list(self.segments),
            "exceptions": list(self.exceptions),
        }


def progress(session: Session, alert_id: int) -> Progress:
    """One alert now. Raises UnknownAlert."""
    found = session.execute(select(Alert, Campaign).join(Campaign).where(Alert.id == alert_id)).one_or_none()
    if found is None:
        raise UnknownAlert(ref=str(alert_id))
    alert, campaign = found
    now = session.scalars(select(db_now())).one()
    counts = _counts(session, alert)
    queued = sum(by.get(Status.QUEUED, 0) for by in counts.values())
    sending = sum(by.get(Status.SENDING, 0) for by in counts.values())
    waiting = [channel for channel in Channel if counts.get(channel, {}).get(Status.QUEUED)]
    days = {channel: day for channel in waiting if (day := used_up(session, channel))}
    next_due = _next_due(session, alert_id, waiting, days)
    soon = next_due is not None and next_due <= now + _SOON
    state = shown_state(alert.state, queued=queued, sending=sending, due=queued if soon else 0)
    if state == "scheduled":
        next_due = alert.starts_at
    started = alert.laid_out_at or now
    over = state in {"finished", "cancelled", "closed"}
    ended = _newest_event(session, alert) or started if over else now
    return Progress(
        alert.id,
        campaign.slug,
        alert.name,
        campaign.title,
        alert.edition_number,
        state,
        alert.state_reason or (_day_is_over(days) if state == "holding" else ""),
        next_due if state in {"holding", "scheduled"} else None,
        alert.practice,
        counts,
        max(0.0, (ended - started).total_seconds()),
        *(_expressions(alert, which) for which in ("segments", "exceptions")),
    )


def _expressions(alert: Alert, which: str) -> tuple[str, ...]:
    return tuple(one["text"] for one in json.loads(alert.audience).get(which, ()))


def all_progress(session: Session, limit: int = 50) -> list[Progress]:
    """Every alert, newest first."""
    ids = session.scalars(select(Alert.id).order_by(Alert.id.desc()).limit(limit)).all()
    return [progress(session, alert_id) for alert_id in ids]


def resolve_alert(session: Session, ref: str | None) -> int:
    """The alert that somebody means: its number, its campaign's slug, or nothing; of several the newest."""
    query = select(Alert.id).order_by(Alert.id.desc()).limit(1)
    if ref is not None and ref.isdecimal():
        query = query.where(Alert.id == min(int(ref), _HIGHEST_ID))
    elif ref is not None:
        query = query.join(Campaign).where(Campaign.slug == ref)
    found = session.scalar(query)
    if found is None:
        raise UnknownAlert(ref=ref or "(none yet)")
    return found


def _counts(session: Session, alert: Alert) -> dict[str, dict[str, int]]:
    if alert.state is AlertState.CLOSED and (kept := totals(session, alert.id)):
        return kept
    rows = session.execute(
        select(Message.channel, Message.status, func.count())
        .where(Message.alert_id == alert.id)
        .group_by(Message.channel, Message.status)
    ).all()
    counts: dict[str, dict[str, int]] = {}
    for channel in Channel:
        found = {str(status): number for of, status, number in rows if of is channel}
        if found:
            counts[str(channel)] = found
    return counts


def _next_due(
    session: Session, alert_id: int, channels: Collection[Channel], days: Mapping[Channel, DailyUse]
) -> datetime | None:
    """When the next of these channels' messages may go; where a day's limit is reached, on the next day."""
    moments = [
        max(due, days[channel].ends_at) if channel in days else due
        for channel in channels
        for due in _due_on(session, alert_id, channel)
        if due is not None
    ]
    return min(moments, default=None)


def _due_on(session: Session, alert_id: int, channel: Channel) -> Iterator[datetime | None]:
    """The soonest chunk, and the soonest message that was put back."""
    of_alert = (Chunk.alert_id == alert_id, Chunk.channel == channel)
    yield session.scalar(select(func.min(Chunk.due_at)).where(*of_alert, Chunk.open))
    put_back = (Message.status == Status.QUEUED, Message.chunk_number.is_(None))
    of_alert = (Message.alert_id == alert_id, Message.channel == channel)
    yield session.scalar(select(func.min(Message.due_at)).where(*of_alert, *put_back))


def _day_is_over(days: Mapping[Channel, DailyUse]) -> str:
    """Why nothing more leaves today; empty where it isn't for a day's limit."""
    units = {Channel.EMAIL: "emails", Channel.SMS: "segments"}
    return " ".join(
        f"Today's {day.allowed:,} {units[channel]} have left (DISPATCH_DAILY_{channel.upper()})."
        for channel, day in days.items()
    )


def _newest_event(session: Session, alert: Alert) -> datetime | None:
    of_alert = DeliveryLogEntry.alert_id == alert.id
    newest = session.scalar(select(func.max(DeliveryLogEntry.at)).where(of_alert))
    return newest or last_event(session, alert.id)  # of a closed one the log is gone
