"""The one place where a message's status changes: along rules.moves, and with its line in the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    String,
    Update,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import DeliveryLogEntry, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import MOVES, Status, sources_of
from dispatcher.sql import among

_ERROR_LENGTH = 100
_DETAIL_LENGTH = 500


def move_all(
    session: Session,
    alert_id: int,
    status: Status,
    *scope: ColumnElement[bool],
    error: str | None = None,
    by_person: bool = False,
    **values: Any,
) -> int:
    """Move every message of an alert within `scope` that may become `status`; returns how many.

    Each gets its line in the log.
    """
    at = session.scalars(select(db_now())).one()
    moved = session.execute(
        update(Message)
        .where(Message.alert_id == alert_id, *scope)
        .where(Message.status.in_(sources_of(status, by_person=by_person)))
        .values(status=status, changed_at=at, error=error, **values)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    if moved:
        _log_moved(session, alert_id, status, at)
    return int(moved)


def _log_moved(session: Session, alert_id: int, status: Status, at: datetime) -> None:
    """Log what the UPDATE really moved: its moment marks its rows.

    On SQLite a moment is a whole millisecond: what another move of the same one has logged is left out.
    """
    columns = {
        "at": literal(at, DeliveryLogEntry.at.type),
        "message_id": Message.id,
        "status": Message.status,
        "alert_id": Message.alert_id,
        "channel": Message.channel,
        "subscriber_id": Message.subscriber_id,
        "attempt": Message.attempt,
        "error": Message.error,
    }
    logged = exists().where(
        DeliveryLogEntry.at == at,
        DeliveryLogEntry.message_id == Message.id,
        DeliveryLogEntry.status == Message.status,
    )
    moved = select(*columns.values()).where(
        Message.alert_id == alert_id, Message.status == status, Message.changed_at == at, ~logged
    )
    session.execute(insert(DeliveryLogEntry).from_select(list(columns), moved))


def intent(*conditions: ColumnElement[bool]) -> Update:
    """The statement of an intent: QUEUED -> SENDING for those of `ids` (a parameter) that may.

    Build it once, execute it with `begin_by`. It isn't logged by itself: the attempt's line is its result, or
    `uncertain` when none ever comes.
    """
    return (
        update(Message.__table__)  # type: ignore[arg-type]
        .where(
            among(Message.id.expression, "ids"), Message.status.in_(sources_of(Status.SENDING)), *conditions
        )
        .values(status=Status.SENDING, attempt=Message.attempt + 1, changed_at=db_now(), error=None)
        .returning(Message.id)
    )


def begin_by(session: Session, statement: Update, ids: Sequence[int], **parameters: Any) -> set[int]:
    """Execute an intent for these ids; returns those that began."""
    return set(session.connection().execute(statement, {"ids": ids, **parameters}).scalars())


def begin(session: Session, ids: Sequence[int], *conditions: ColumnElement[bool]) -> set[int]:
    """An intent that is executed once."""
    return begin_by(session, intent(*conditions), ids)


@dataclass(frozen=True, slots=True)
class Move:
    """What became of one attempt."""

    message_id: int
    alert_id: int
    channel: Channel
    subscriber_id: int | None
    status: Status
    attempt: int
    error: str | None = None
    detail: str | None = None
    provider_ref: str | None = None
    segments: int | None = None
    due_at: datetime | None = None  # back to QUEUED: it leaves its chunk and waits until then


def settle_each(session: Session, moves: Iterable[Move]) -> None:
    """Write what became of attempts, in id order, and log each.

    Only forward: a message that an event has moved on meanwhile keeps its status, but gets the provider's
    reference. An attempt that was given up as uncertain and turns out as certainly not taken is FAILED:
    putting it back is a person's decision.
    """
    rows = sorted(moves, key=lambda move: move.message_id)
    if not rows:
        return
    connection = session.connection()
    connection.execute(_SETTLE, [_parameters(move) for move in rows])
    connection.execute(_log_statement(connection.dialect.name), [_log_row(move) for move in rows])


def _parameters(move: Move) -> dict[str, Any]:
    return {
        "b_id": move.message_id,
        "b_attempt": move.attempt,
        "b_status": move.status,
        "b_error": _cut(move.error, _ERROR_LENGTH),
        "b_ref": move.provider_ref or None,
        "b_segments": move.segments,
        "b_due": move.due_at,
        "b_back": int(move.status is Status.QUEUED),
    }


_new = bindparam("b_status", type_=Message.status.type)
_back = bindparam("b_back", type_=Integer) == 1


def _may_become(old: Status) -> ColumnElement[bool]:
    """SQL: the message is in `old`, and the new status may follow it."""
    kind = Message.status.type
    return (Message.status == old) & or_(*(_new == literal(new, kind) for new in sorted(MOVES[old])))


_sending = _may_become(Status.SENDING)
_given_up = _may_become(Status.UNCERTAIN)
_not_taken = (Message.status == Status.UNCERTAIN) & _back
_SETTLE = (
    update(Message.__table__)  # type: ignore[arg-type]
    .where(Message.id == bindparam("b_id"), Message.attempt == bindparam("b_attempt"))
    .values(
        status=case(
            (_sending | _given_up, _new),
            (_not_taken, literal(Status.FAILED, Message.status.type)),
            else_=Message.status,
        ),
        chunk_number=case((_sending & _back, None), else_=Message.chunk_number),
        due_at=case((_sending & _back, bindparam("b_due", type_=Message.due_at.type)), else_=Message.due_at),
        error=case(
            (_sending | _given_up | _not_taken, bindparam("b_error", type_=String)), else_=Message.error
        ),
        provider_ref=func.coalesce(Message.provider_ref, bindparam("b_ref", type_=String)),
        segments=func.coalesce(bindparam("b_segments", type_=Integer), Message.segments),
        changed_at=db_now(),
    )
)


@cache
def _log_statement(dialect: str) -> Executable:
    """Insert lines of the log. (SQLite: a moment is a millisecond, a word on a message one line in it.)"""
    # The one dialect that is used: to load both would delay every command that steers an alert.
    insert_with_conflicts = import_module(f"sqlalchemy.dialects.{dialect}").insert
    statement: Executable = (
        insert_with_conflicts(DeliveryLogEntry.__table__)
        .values(at=db_now())
        .on_conflict_do_nothing()
        .inline()
    )
    return statement


def _log_row(move: Move) -> dict[str, Any]:
    return {
        "message_id": move.message_id,
        "status": move.status,
        "alert_id": move.alert_id,
        "channel": move.channel,
        "subscriber_id": move.subscriber_id,
        "attempt": move.attempt,
        "provider_ref": move.provider_ref or None,
        "error": _cut(move.error, _ERROR_LENGTH),
        "detail": _cut(move.detail, _DETAIL_LENGTH),
    }


def _cut(words: str | None, length: int) -> str | None:
    return words[:length] if words else None
