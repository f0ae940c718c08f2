"""What a lost lease leaves behind: rows that may have been sent are uncertain, the rest goes on."""

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Chunk, Message
from dispatcher.rules.moves import Status
from dispatcher.usecases.deliver.claim import TRYING
from dispatcher.usecases.moves import begin, move_all

_MOST = 100  # expired leases a transaction


def expired(session: Session) -> bool:
    """Whether any lease has run out: a cheap look before a write transaction."""
    return bool(session.scalar(select(exists().where(Chunk.lease_until < db_now()))))


def reap(session: Session) -> int:
    """End every expired lease; returns how many. Whatever was SENDING becomes UNCERTAIN, not queued."""
    lost = session.execute(
        select(Chunk.alert_id, Chunk.number)
        .where(Chunk.lease_until < db_now())
        .order_by(Chunk.alert_id, Chunk.number)
        .limit(_MOST)
        .with_for_update(skip_locked=True)
    ).all()
    for alert_id, number in lost:
        _reap_chunk(session, alert_id, number)
    return len(lost)


def _reap_chunk(session: Session, alert_id: int, number: int) -> None:
    here = (Message.chunk_number == number,)
    uncertain = move_all(
        session,
        alert_id,
        Status.UNCERTAIN,
        *here,
        error="the worker was lost before the provider's answer was written",
    )
    _fail_culprits(session, alert_id, number)
    still_queued = exists().where(
        Message.alert_id == alert_id, Message.chunk_number == number, Message.status == Status.QUEUED
    )
    session.execute(
        update(Chunk)
        .where(Chunk.alert_id == alert_id, Chunk.number == number)
        .values(
            lease_token=None,
            lease_until=None,
            open=still_queued,
            leases_lost=0 if uncertain else Chunk.leases_lost + 1,
        )
    )


def _fail_culprits(session: Session, alert_id: int, number: int) -> None:
    """A message that was being rendered alone when its worker died kills workers: it goes no further."""
    culprits = session.scalars(
        select(Message.id).where(
            Message.alert_id == alert_id,
            Message.chunk_number == number,
            Message.status == Status.QUEUED,
            Message.error == TRYING,
        )
    ).all()
    if culprits:
        begin(session, culprits)
        move_all(
            session, alert_id, Status.FAILED, Message.id.in_(culprits), error="its worker died rendering it"
        )
