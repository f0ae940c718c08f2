"""Notices that wait: whether any is due, and what becomes of those that were lost, or are old."""

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Answer, Notice
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import KEPT, NoticeState
from dispatcher.usecases.hold import not_held

_STUCK = 600.0  # seconds: by then somebody should know


def anything_due(house: House, *channels: Channel) -> bool:
    """Whether a notice waits that may go now: one look at a small index."""
    with house.db.reading() as session:
        return bool(session.scalar(select(exists().where(*due_now(*(channels or Channel))))))


def stuck(session: Session) -> bool:
    """Whether notices wait that should have left minutes ago."""
    late = (Notice.state == NoticeState.QUEUED, Notice.due_at <= db_now(-_STUCK))
    return bool(session.scalar(select(exists().where(*late))))


def tidy_notices(house: House) -> None:
    """Make uncertain what a worker died with, and drop old rows. Reads first: mostly there is nothing to
    do.
    """
    lost = (Notice.state == NoticeState.SENDING, Notice.lease_until <= db_now())
    old = and_(Notice.created_at <= db_now(-KEPT.total_seconds()), answers_nothing(), not_held())
    with house.db.reading() as session:
        oldest = select(Notice.id).order_by(Notice.id).limit(1).scalar_subquery()
        anything = or_(exists().where(*lost), exists().where(Notice.id == oldest, old))
        if not session.scalar(select(anything)):
            return
    with house.db.transaction() as session:
        end(session, NoticeState.UNCERTAIN, "the worker was gone", *lost)
        session.execute(delete(Notice).where(old))


def answers_nothing() -> ColumnElement[bool]:
    """SQL: what says of an answer to a reply what became of it goes with that."""
    return ~exists().where(Answer.notice_id == Notice.id)


def hold_notices(session: Session) -> None:
    """The database was put back: what waits in it may have been sent since. Whoever misses one can ask
    again.
    """
    end(
        session,
        NoticeState.UNCERTAIN,
        "put back",
        Notice.state.in_((NoticeState.QUEUED, NoticeState.SENDING)),
    )


def due_now(*channels: Channel) -> tuple[ColumnElement[bool], ...]:
    """SQL: waits, and may go."""
    return Notice.state == NoticeState.QUEUED, Notice.channel.in_(channels), Notice.due_at <= db_now()


def end(session: Session, state: NoticeState, error: str, *which: ColumnElement[bool]) -> None:
    """Settle some: what they said, and to whom, goes at once."""
    ended = {
        "state": state,
        "address": None,
        "facts": None,
        "lease_until": None,
        "error": error[:100] or None,
        "settled_at": db_now(),
    }
    session.execute(update(Notice).where(*which).values(ended))
