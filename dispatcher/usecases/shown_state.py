"""What staff see of an alert's state: whether it goes on, waits until when, and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Alert, Chunk, DailyUse, Message
from dispatcher.rules.alert import Channel, shown_state
from dispatcher.rules.moves import Status
from dispatcher.usecases.daily import used_up

# Work that is due so soon isn't worth a "holding": a retry in a minute, a limit's next slot.
_SOON = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class ShownState:
    """A state in staff's words: that of the table, or `finished`, or `holding`."""

    state: str
    reason: str
    held_until: datetime | None


def state_of(session: Session, alert: Alert, statuses: Mapping[Channel, Mapping[str, int]]) -> ShownState:
    """An alert's state now. `statuses`: how many of its messages have which, by channel."""
    queued = sum(by.get(Status.QUEUED, 0) for by in statuses.values())
    sending = sum(by.get(Status.SENDING, 0) for by in statuses.values())
    waiting = [channel for channel in Channel if statuses.get(channel, {}).get(Status.QUEUED)]
    days = {channel: day for channel in waiting if (day := used_up(session, channel))}
    next_due = _next_due(session, alert.id, waiting, days)
    soon = next_due is not None and next_due <= session.scalars(select(db_now())).one() + _SOON
    state = shown_state(alert.state, queued=queued, sending=sending, due=queued if soon else 0)
    held_until = {"holding": next_due, "scheduled": alert.starts_at}.get(state)
    reason = alert.state_reason or (_day_is_over(days) if state == "holding" else "")
    return ShownState(state, reason, held_until)


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
