"""How far an alert is: the object that `send --wait --json` and `status --json` give."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import UnknownAlert
from dispatcher.models import Alert, Campaign
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.last_attempt import last_attempt
from dispatcher.usecases.outcomes import NOT_BOUNCED, count_left, statuses_of
from dispatcher.usecases.retention.totals import last_event
from dispatcher.usecases.shown_state import state_of

_HIGHEST_ID = 2**31 - 1  # PostgreSQL compares no id with a greater number


@dataclass(frozen=True, slots=True)
class Unwelcome:
    """To whom an alert was too much, on one channel."""

    not_bounced: int  # of the sent
    complained: int
    left: int | None  # usecases.outcomes; None: it isn't known any more

    def as_json(self) -> dict[str, Any]:
        """The numbers, and their shares of the sent that didn't bounce."""
        shares = {"complained_share": self._share(self.complained), "left_share": self._share(self.left)}
        return asdict(self) | shares

    def _share(self, number: int | None) -> float | None:
        return None if number is None or not self.not_bounced else round(number / self.not_bounced, 6)


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
    seconds: float  # from its start until now, or to its last attempt once it is over
    segments: tuple[str, ...] = ()  # only who is in one of them
    exceptions: tuple[str, ...] = ()  # but not who is in all of these
    unwelcome: Mapping[str, Unwelcome] = field(default_factory=dict)  # by channel

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
            "unwelcome": {channel: one.as_json() for channel, one in self.unwelcome.items()},
        }


def progress(session: Session, alert_id: int) -> Progress:
    """One alert now. Raises UnknownAlert."""
    found = session.execute(select(Alert, Campaign).join(Campaign).where(Alert.id == alert_id)).one_or_none()
    if found is None:
        raise UnknownAlert(ref=str(alert_id))
    alert, campaign = found
    now = session.scalars(select(db_now())).one()
    counts = statuses_of(session, alert)
    shown = state_of(session, alert, counts)
    started = alert.laid_out_at or now
    over = shown.state in {"finished", "cancelled", "closed"}
    ended = _last_attempt(session, alert) or started if over else now
    return Progress(
        alert.id,
        campaign.slug,
        alert.name,
        campaign.title,
        alert.edition_number,
        shown.state,
        shown.reason,
        shown.held_until,
        alert.practice,
        {str(channel): by for channel, by in counts.items()},
        max(0.0, (ended - started).total_seconds()),
        _expressions(alert, "segments"),
        _expressions(alert, "exceptions"),
        {str(channel): _unwelcome(session, alert, channel, by) for channel, by in counts.items()},
    )


def _unwelcome(session: Session, alert: Alert, channel: Channel, by: Mapping[str, int]) -> Unwelcome:
    not_bounced = sum(by.get(status, 0) for status in NOT_BOUNCED)
    left = None if alert.state is AlertState.CLOSED else count_left(session, alert, channel)
    return Unwelcome(not_bounced, by.get(Status.COMPLAINED, 0), left)


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


def _last_attempt(session: Session, alert: Alert) -> datetime | None:
    return last_attempt(session, alert.id) or last_event(session, alert.id)  # of a closed one the log is gone
