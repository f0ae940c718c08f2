"""When the last of an alert's messages was handed over, or given up: what comes back later isn't sending."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from dispatcher.models import DeliveryLogEntry
from dispatcher.rules.moves import Status

_TOLD = (Status.DELIVERED, Status.COMPLAINED)  # by events alone
_ENDED = (Status.SENT, Status.UNCERTAIN)  # our part of an attempt is over


def last_attempt(session: Session, alert_id: int) -> datetime | None:
    """The newest line of the log that we wrote ourselves; None without any.

    A bounce may be either: an answer at the door is ours, a mail that came back days later isn't. What
    follows the end of its own attempt was told. The log is read from its end, so that few lines are asked.
    """
    ended = aliased(DeliveryLogEntry)
    line = DeliveryLogEntry
    was_told = exists().where(
        ended.message_id == line.message_id,
        ended.attempt == line.attempt,
        ended.status.in_(_ENDED),
        ended.at < line.at,
    )
    return session.scalar(
        select(line.at)
        .where(line.alert_id == alert_id, line.status.not_in(_TOLD), ~was_told)
        .order_by(line.at.desc())
        .limit(1)
    )
