"""Limits by the day, counted in the database: an intent counts what it is about to hand over.

Who asks is served in one row's order. So all workers together never hand over more than a day allows; a
message that certainly wasn't taken is counted back.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import DailyUse
from dispatcher.rules.alert import Channel
from dispatcher.rules.daily import day_ends, fitting
from dispatcher.settings import Settings
from dispatcher.sql import insert_with_conflicts


def left_today(
    session: Session, settings: Settings, channel: Channel, *, at: datetime | None = None
) -> int | None:
    """How much may still leave today (or on the day of `at`, later): emails, or segments; None without a
    limit.
    """
    allowed = settings.daily(channel)
    if allowed is None:
        return None
    of_today = (DailyUse.channel == channel, DailyUse.ends_at > (at or db_now()))
    used = session.scalar(select(DailyUse.used).where(*of_today)) or 0
    return max(0, allowed - used)


def spend_today(session: Session, settings: Settings, channel: Channel, units: Sequence[int]) -> int:
    """Count messages that are about to leave; returns how many of them, in their order, may.

    Call it first in the transaction of the intent: the channel's row stays locked until the commit. When not
    even the first one fits, the day is over, whatever small rest there is.
    """
    allowed = settings.daily(channel)
    if allowed is None or not units:
        return len(units)
    today = _today(session, settings, channel, allowed)
    going = fitting(units, today.used, allowed)
    today.used = today.used + sum(units[:going]) if going else max(today.used, allowed)
    session.flush()
    return going


def unspend_today(session: Session, channel: Channel, units: int) -> None:
    """Count back what certainly wasn't taken."""
    if units:
        row = update(DailyUse).where(DailyUse.channel == channel, DailyUse.used >= units)
        session.execute(row.values(used=DailyUse.used - units))


def used_up(session: Session, channel: Channel) -> DailyUse | None:
    """A day on which nothing more leaves, until its `ends_at`; None where something may."""
    over = (DailyUse.used >= DailyUse.allowed, DailyUse.ends_at > db_now())
    return session.scalars(select(DailyUse).where(DailyUse.channel == channel, *over)).one_or_none()


def _today(session: Session, settings: Settings, channel: Channel, allowed: int) -> DailyUse:
    """The channel's row, locked; a new day's begins at nothing."""
    now = session.scalars(select(db_now())).one()
    ends_at = day_ends(now, settings.daily_zone)
    row = select(DailyUse).where(DailyUse.channel == channel).with_for_update()
    today = session.scalars(row.execution_options(populate_existing=True)).one_or_none()
    if today is None:
        _insert_ignoring_a_quicker_one(session, channel, allowed, ends_at)
        today = session.scalars(row).one()
    if today.ends_at <= now:
        today.used, today.ends_at = 0, ends_at
    today.allowed = allowed
    return today


def _insert_ignoring_a_quicker_one(
    session: Session, channel: Channel, allowed: int, ends_at: datetime
) -> None:
    row = insert_with_conflicts(session, DailyUse).values(
        channel=channel, used=0, allowed=allowed, ends_at=ends_at
    )
    session.execute(row.on_conflict_do_nothing())
