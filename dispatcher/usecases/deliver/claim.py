"""The intent: the last look before a message leaves, made durable before the provider gets a byte of it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, bindparam, exists, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Alert, Chunk, Message, Subscription, Suppression
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status
from dispatcher.sql import among
from dispatcher.usecases.deliver.lease import Lease
from dispatcher.usecases.deliver.pages import Due, Occasion
from dispatcher.usecases.deliver.prepare import Aside
from dispatcher.usecases.moves import begin_by, intent, move_all

TRYING = "being rendered"  # a message's error while a suspected chunk goes one by one: the reaper's evidence


def claim(session: Session, lease: Lease, occasion: Occasion, batch: Sequence[Due]) -> set[int] | None:
    """QUEUED -> SENDING for those who may still be written to; returns their ids.

    Who has left or was suppressed since the audience was laid out is skipped, with the reason. None when the
    lease, the edition or the alert is no longer as it was, or nobody may go today: the chunk must be left
    alone.
    """
    if not batch:
        return None
    ids = [due.message_id for due in batch]
    ours = {"alert": lease.alert_id, "chunk": lease.number, "token": lease.token}
    edition = {"edition": occasion.edition_number, "lists": occasion.list_ids}
    begun = begin_by(session, _INTENT, ids, **ours, **edition)
    missing = [i for i in ids if i not in begun]
    if missing and not session.connection().execute(_STILL_OURS, ours).scalar():
        return begun or None
    if missing:
        _skip(session, lease, occasion, missing)
    if lease.lost_before:
        session.execute(update(Chunk).where(*lease.chunk, Chunk.leases_lost > 0).values(leases_lost=0))
    return begun


def _skip(session: Session, lease: Lease, occasion: Occasion, ids: Sequence[int]) -> None:
    waiting = (Message.id.in_(ids), Message.edition_number == occasion.edition_number)
    on_a_list = _consenting(Subscription.list_id.in_(occasion.list_ids))
    move_all(session, lease.alert_id, Status.SKIPPED, *waiting, _suppressed(), error="suppressed")
    move_all(session, lease.alert_id, Status.SKIPPED, *waiting, ~on_a_list, error="left the list")


def _suppressed() -> ColumnElement[bool]:
    return exists().where(
        Suppression.channel == Message.channel, Suppression.address_key == Message.address_key
    )


def _consenting(on_a_list: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Subscription.subscriber_id == Message.subscriber_id,
        Subscription.channel == Message.channel,
        on_a_list,
        Subscription.left_at.is_(None),
        Subscription.address_key == Message.address_key,
    )


_running = exists().where(Alert.id == bindparam("alert"), Alert.state == AlertState.RUNNING)
_held = exists().where(
    Chunk.alert_id == bindparam("alert"),
    Chunk.number == bindparam("chunk"),
    Chunk.lease_token == bindparam("token"),
)
_STILL_OURS = select(and_(_running, _held))
_INTENT = intent(  # built once: it runs for every mini-batch
    Message.chunk_number == bindparam("chunk"),
    Message.edition_number == bindparam("edition"),
    _running,
    _held,
    ~_suppressed(),
    _consenting(among(Subscription.list_id.expression, "lists")),
)


def set_aside(session: Session, lease: Lease, asides: Sequence[Aside]) -> None:
    """Write what was decided before any intent: skipped for a reason, or held until a later time."""
    for aside in asides:
        this = (Message.id == aside.message_id, Message.chunk_number == lease.number)
        if aside.until is None:
            move_all(session, lease.alert_id, Status.SKIPPED, *this, lease.held, error=aside.reason)
        else:
            # Still queued, so not a move: it leaves its chunk and is picked up again when it is due.
            held = update(Message).where(*this, Message.status == Status.QUEUED, lease.held)
            session.execute(held.values(chunk_number=None, due_at=aside.until, error=aside.reason))


def mark_trying(session: Session, due: Due) -> None:
    """Leave evidence before touching a message of a chunk that killed two workers."""
    marked = update(Message).where(Message.id == due.message_id, Message.status == Status.QUEUED)
    session.execute(marked.values(error=TRYING, changed_at=db_now()))


def unmark_trying(session: Session, lease: Lease) -> None:
    """The worker lived: what it didn't get to is under no suspicion."""
    marked = (
        Message.alert_id == lease.alert_id,
        Message.chunk_number == lease.number,
        Message.error == TRYING,
    )
    session.execute(update(Message).where(*marked).values(error=None))
