"""Queue failed or uncertain messages again: a person's decision, never the machine's."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import AlertNotRunning
from dispatcher.models import Alert, Message
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import move_all
from dispatcher.usecases.open_alert import way_on


def reasons(session: Session, alert_id: int, status: Status) -> Sequence[tuple[str, int]]:
    """Why messages are in this status, with how many of each, the most frequent first."""
    why = func.coalesce(Message.error, "no reason known")
    query = (
        select(why, func.count())
        .where(Message.alert_id == alert_id, Message.status == status)
        .group_by(why)
        .order_by(func.count().desc(), why)
    )
    return [(reason, number) for reason, number in session.execute(query)]


def retry(session: Session, alert_id: int, status: Status) -> int:
    """Queue every message in `status` (FAILED or UNCERTAIN) again; returns how many.

    They are due at once, in chunks that the next sweep makes, and carry the alert's newest edition.
    """
    alert = session.get_one(Alert, alert_id)
    if alert.state in (AlertState.CANCELLED, AlertState.CLOSED):
        raise AlertNotRunning(alert=alert.id, state=alert.state, way_on=way_on(alert))
    return move_all(
        session,
        alert_id,
        Status.QUEUED,
        Message.status == status,
        by_person=True,
        chunk_number=None,
        due_at=db_now(),
        edition_number=alert.edition_number,
    )
