"""Leases: a worker takes a chunk for a while, by compare-and-swap, on the database's clock."""

import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.db import db_now
from dispatcher.models import Alert, Chunk, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import OPEN, Status
from dispatcher.usecases.moves import move_all

Conditions = tuple[ColumnElement[bool], ...]

_SUSPICIOUS = 2


@dataclass(frozen=True, slots=True)
class Lease:
    """One chunk in our hands. `until` is a reading of time.monotonic(): no later than the database's end."""

    alert_id: int
    number: int
    channel: Channel
    lane: str
    token: str
    until: float
    lost_before: int = 0  # leases lost in a row before any intent

    @property
    def one_by_one(self) -> bool:
        """Two workers died on this chunk before they sent anything: a message in it kills them."""
        return self.lost_before >= _SUSPICIOUS

    @property
    def held(self) -> ColumnElement[bool]:
        """SQL: this lease is still ours."""
        return exists().where(*self.chunk, Chunk.lease_token == self.token)

    @property
    def chunk(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """SQL: the leased chunk."""
        return Chunk.alert_id == self.alert_id, Chunk.number == self.number


def lease_chunk(
    session: Session, channel: Channel, seconds: float, *, practice: bool, but_for: Collection[str] = ()
) -> Lease | None:
    """Take a due chunk of the alert that was served longest ago; None when there is none free.

    `practice` is our sender's: what was opened as practice never reaches people, nor the outbox what is real.
    Chunks of the lanes `but_for` are passed over.
    """
    tried: list[int] = []
    free = (*due(channel), Chunk.lane.not_in(but_for)) if but_for else due(channel)
    while (alert_id := _served_longest_ago(session, channel, tried, free, practice=practice)) is not None:
        lease = _lease_of(session, alert_id, channel, free, seconds)
        if lease is not None:
            return lease
        tried.append(alert_id)
    return None


def _served_longest_ago(
    session: Session, channel: Channel, tried: Sequence[int], free: Conditions, *, practice: bool
) -> int | None:
    with_due = exists().where(Chunk.alert_id == Alert.id, *free)
    return session.scalar(
        select(Alert.id)
        .where(Alert.state == AlertState.RUNNING, opened_as(channel, practice=practice))
        .where(Alert.id.not_in(tried), with_due)
        .order_by(_served_at(channel).asc().nulls_first(), Alert.id)
        .limit(1)
    )


def _lease_of(
    session: Session, alert_id: int, channel: Channel, free: Conditions, seconds: float
) -> Lease | None:
    """The alert's first free chunk. Locked from the look to the commit: PostgreSQL's workers pass over what
    another has locked, on SQLite the whole transaction is alone; so taking it can't fail.
    """
    found = session.execute(
        select(Chunk.number, Chunk.lane, Chunk.leases_lost)
        .where(Chunk.alert_id == alert_id, *free)
        .order_by(Chunk.due_at, Chunk.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if found is None:
        return None
    number, lane, lost = found
    until = time.monotonic() + seconds
    lease = Lease(alert_id, number, channel, lane, secrets.token_hex(8), until, lost)
    session.execute(
        update(Chunk)
        .where(*lease.chunk, Chunk.lease_token.is_(None))
        .values(lease_token=lease.token, lease_until=db_now(seconds))
    )
    session.execute(update(Alert).where(Alert.id == alert_id).values({_served_at(channel): db_now()}))
    return lease


def _served_at(channel: Channel) -> InstrumentedAttribute[datetime | None]:
    return Alert.email_served_at if channel is Channel.EMAIL else Alert.sms_served_at


def opened_as(channel: Channel, *, practice: bool) -> ColumnElement[bool]:
    """SQL: the alert was opened with a sender of this kind on the channel."""
    practised = or_(Alert.practice.expression, Alert.practice_channels.contains(str(channel)))
    return practised if practice else ~practised


def due(channel: Channel) -> Conditions:
    """SQL: an open chunk of this channel that may be taken now."""
    is_open = Chunk.open.expression  # as it stands, so that the planner takes the partial index
    return Chunk.channel == channel, is_open, Chunk.lease_token.is_(None), Chunk.due_at <= db_now()


def has_due_work(session: Session, channel: Channel) -> bool:
    """Whether a running alert has a chunk of this channel that may be taken now."""
    running = exists().where(Alert.id == Chunk.alert_id, Alert.state == AlertState.RUNNING)
    return bool(session.scalar(select(exists().where(*due(channel), running))))


def give_back(session: Session, lease: Lease, *, wait: float = 0.0) -> None:
    """End our lease. The chunk closes when nothing in it is open; otherwise it is due in `wait` seconds.

    All that we handed over must be settled by now. What is SENDING still never went: the answer to the commit
    of its intent was lost, and the second try found it begun.
    """
    move_all(
        session,
        lease.alert_id,
        Status.QUEUED,
        Message.chunk_number == lease.number,
        Message.status == Status.SENDING,
        lease.held,
        error="its intent was in doubt",
    )
    still_open = exists().where(
        Message.alert_id == lease.alert_id, Message.chunk_number == lease.number, Message.status.in_(OPEN)
    )
    values: dict[str, Any] = {"lease_token": None, "lease_until": None, "open": still_open}
    if wait > 0:
        values["due_at"] = db_now(wait)
    session.execute(update(Chunk).where(*lease.chunk, Chunk.lease_token == lease.token).values(values))
