"""Messages that were put back (retry, quiet hours) come together in new chunks once they are due."""

from sqlalchemy import ColumnElement, Row, exists, insert, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Alert, Chunk, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status

_MOST = 500  # messages a chunk; what is more waits for the next sweep


def waiting(session: Session) -> bool:
    """Whether any message that was put back is due: a cheap look before a write transaction."""
    return bool(session.scalar(select(exists().where(*_put_back(), *_of_running_alerts()))))


def regroup(session: Session) -> int:
    """Make chunks of what is due again; returns how many messages they hold."""
    groups = session.execute(
        select(Message.alert_id, Message.channel, Message.lane)
        .where(*_put_back(), *_of_running_alerts())
        .distinct()
        .order_by(Message.alert_id, Message.channel, Message.lane)
    ).all()
    return sum([_one_chunk(session, group) for group in groups])


def _put_back() -> tuple[ColumnElement[bool], ...]:
    return Message.status == Status.QUEUED, Message.chunk_number.is_(None), Message.due_at <= db_now()


def _of_running_alerts() -> tuple[ColumnElement[bool], ...]:
    return (exists().where(Alert.id == Message.alert_id, Alert.state == AlertState.RUNNING),)


def _one_chunk(session: Session, group: Row[int, Channel, str]) -> int:
    alert_id, channel, lane = group
    # Taking a number locks the alert's row: two sweeps at once can't put one message into two chunks.
    number = session.scalars(
        update(Alert)
        .where(Alert.id == alert_id)
        .values(chunk_count=Alert.chunk_count + 1)
        .returning(Alert.chunk_count - 1)
    ).one()
    chosen = (
        select(Message.id)
        .where(*_put_back())
        .where(Message.alert_id == alert_id, Message.channel == channel, Message.lane == lane)
        .order_by(Message.id)
        .limit(_MOST)
    )
    size = session.execute(
        update(Message)
        .where(Message.id.in_(chosen), *_put_back())
        .values(chunk_number=number, due_at=None)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    if size:
        values = {"alert_id": alert_id, "number": number, "channel": channel, "lane": lane, "size": size}
        session.execute(insert(Chunk).values(due_at=db_now(), **values))
    return int(size)
