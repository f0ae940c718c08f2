"""A legal hold: somebody may ask for what we have, so nothing is deleted until they have said that it may be.

Who asks to be forgotten meanwhile gets nothing any more, at once, and is erased when the hold ends.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import HoldInForce, NoHold
from dispatcher.models import HeldForgetting, Hold
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.audit import note_act


@dataclass(frozen=True, slots=True)
class HoldView:
    """The hold that is on, and how many people wait to be forgotten."""

    since: datetime
    reason: str
    waiting: int


def in_force(session: Session) -> bool:
    """Whether nothing may be deleted now."""
    return session.scalar(select(Hold.id).where(Hold.ended_at.is_(None)).limit(1)) is not None


def not_held() -> ColumnElement[bool]:
    """The same in SQL, turned round: what a statement that deletes by itself must meet."""
    return ~exists().where(Hold.ended_at.is_(None))


def view_hold(session: Session) -> HoldView | None:
    """The hold that is on, if there is one."""
    hold = _current(session)
    if hold is None:
        return None
    waiting = session.scalar(select(func.count()).select_from(HeldForgetting)) or 0
    return HoldView(hold.began_at, hold.reason, waiting)


def refuse_under_hold(session: Session) -> None:
    """Raise HoldInForce while one is on."""
    if (hold := _current(session)) is not None:
        raise HoldInForce(since=f"{hold.began_at:%d %B %Y}")


def begin_hold(session: Session, reason: str) -> None:
    """From now on nothing is deleted. Raises HoldInForce when that is so already."""
    refuse_under_hold(session)
    session.add(Hold(reason=reason))
    note_act(session, "hold on", "", reason)


def end_hold(session: Session, reason: str = "") -> None:
    """Deletion goes on: at the next sweep, and with whoever was to be forgotten. Raises NoHold."""
    hold = _current(session)
    if hold is None:
        raise NoHold
    # All of them: two commands at the same moment may have begun one each.
    session.execute(update(Hold).where(Hold.ended_at.is_(None)).values(ended_at=db_now()))
    note_act(session, "hold off", f"since {hold.began_at:%Y-%m-%d}", reason)


def forget_afterwards(session: Session, subscriber_id: int) -> None:
    """Have a person erased when the hold ends."""
    row = insert_with_conflicts(session, HeldForgetting).values(
        subscriber_id=subscriber_id, asked_at=db_now()
    )
    session.execute(row.on_conflict_do_nothing())


def _current(session: Session) -> Hold | None:
    return session.scalars(select(Hold).where(Hold.ended_at.is_(None)).order_by(Hold.id)).first()
