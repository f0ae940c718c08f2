"""One kind of thing that is kept for a while: how long, what is due to go, and how it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, inspect, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.db import db_now
from dispatcher.models import Base


@dataclass(frozen=True, slots=True)
class Duty:
    """Each part is a statement or two; `do` is one small transaction's worth."""

    name: str  # "sign-ups that nobody confirmed"
    kept: str  # "7 days"
    waiting: Callable[[Session], int]  # how many are due now
    do: Callable[[Session, int], int]  # deals with at most so many; returns with how many
    next_at: Callable[[Session], datetime | None]  # when the next of those that are here is due


def rows_older_than(
    name: str,
    table: type[Base],
    since: InstrumentedAttribute[Any],
    kept: timedelta,
    *only: ColumnElement[bool],
) -> Duty:
    """Rows of one table that go so long after a moment of theirs; `only` says which rows are meant."""
    due = (since < db_now(-kept.total_seconds()), *only)
    key = inspect(table).primary_key

    def waiting(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*due)) or 0

    def do(session: Session, at_most: int) -> int:
        some = select(*key).where(*due).order_by(since).limit(at_most)
        found = [tuple(row) for row in session.execute(some)]
        if found:
            session.execute(
                delete(table).where(tuple_(*key).in_(found)).execution_options(synchronize_session=False)
            )
        return len(found)

    def next_at(session: Session) -> datetime | None:
        oldest = session.scalar(select(func.min(since)).where(*only))
        return None if oldest is None else oldest + kept

    return Duty(name, in_words(kept), waiting, do, next_at)


def in_words(kept: timedelta) -> str:
    """How long, for staff."""
    if kept >= timedelta(days=365):
        return "a year" if kept < timedelta(days=730) else f"{kept.days // 365} years"
    return "a day" if kept.days == 1 else f"{kept.days} days"
