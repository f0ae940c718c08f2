"""Take an import of acts back. Who was thanked was thanked, and what was withdrawn stays withdrawn."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import ImportAlreadyUndone, UnknownActionBatch
from dispatcher.house import House
from dispatcher.models import Action, ActionBatch
from dispatcher.usecases.hold import refuse_under_hold

_AT_ONCE = 1000


def undo_acts(house: House, batch_id: int) -> int:
    """Delete the acts that came with an import; returns how many. Stopped halfway it can go on.

    Raises UnknownActionBatch, ImportAlreadyUndone or HoldInForce.
    """
    with house.db.reading() as session:
        refuse_under_hold(session)
        batch = session.get(ActionBatch, batch_id)
        if batch is None:
            raise UnknownActionBatch(batch=batch_id)
        if batch.undone_at is not None:
            raise ImportAlreadyUndone(batch=batch_id, at=f"{batch.undone_at:%d %B %Y}")
    deleted = 0
    while some := _delete(house, batch_id):
        deleted += some
    with house.db.transaction() as session:
        session.get_one(ActionBatch, batch_id).undone_at = session.scalar(select(db_now()))
    return deleted


def _delete(house: House, batch_id: int) -> int:
    with house.db.transaction() as session:
        return _some(session, batch_id)


def _some(session: Session, batch_id: int) -> int:
    people = session.scalars(
        select(Action.subscriber_id)
        .where(Action.batch_id == batch_id)
        .order_by(Action.subscriber_id)
        .limit(_AT_ONCE)
    ).all()
    if not people:
        return 0
    deleted = session.execute(
        delete(Action)
        .where(Action.batch_id == batch_id, Action.subscriber_id <= people[-1])
        .execution_options(synchronize_session=False)
    )
    return int(deleted.rowcount)  # type: ignore[attr-defined]
