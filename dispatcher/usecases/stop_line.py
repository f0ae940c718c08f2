"""Who must be told how to stop, and who just was: by the number, whichever alert the text belongs to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Message, StopTold
from dispatcher.rules.stop_line import EVERY
from dispatcher.sql import insert_with_conflicts


def stop_due(
    address_key: ColumnElement[bytes] | ColumnElement[bytes | None], at: datetime | None = None
) -> ColumnElement[bool]:
    """Whether a text to this number must say how to stop; `at` is when it leaves, or now."""
    since = db_now(-EVERY.total_seconds()) if at is None else at - EVERY
    return ~exists().where(StopTold.address_key == address_key, StopTold.told_at > since)


def note_told(session: Session, message_ids: Sequence[int]) -> None:
    """These texts were taken by the provider, and said how to stop."""
    if not message_ids:
        return
    told = (
        select(Message.address_key, db_now())
        .where(Message.id.in_(message_ids))
        .distinct()
        .order_by(Message.address_key)  # two workers that tell the same numbers lock them in one order
    )
    statement = insert_with_conflicts(session, StopTold).from_select(
        [StopTold.address_key, StopTold.told_at], told
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[StopTold.address_key], set_={"told_at": statement.excluded.told_at}
        )
    )


def note_number_told(session: Session, address_key: bytes) -> None:
    """The same of one number, in a text that isn't an alert's."""
    statement = insert_with_conflicts(session, StopTold).values(address_key=address_key, told_at=db_now())
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[StopTold.address_key], set_={"told_at": statement.excluded.told_at}
        )
    )
