"""The one place where a message's status changes: along rules.moves, and with its line in the log."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Integer,
    Select,
    String,
    Update,
    case,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from dispatcher.db import db_now
from dispatcher.models import DeliveryLogEntry, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import MOVES, Status, may_move, sources_of
from dispatcher.sql import among, given_rows

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
    moved = select(*columns.values()).where(
        Message.alert_id == alert_id, Message.status == status, Message.changed_at == at
    )
    session.execute(_log_from(session.connection().dialect.name, columns, moved))


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
    given = json.dumps([_row(move, sqlite=connection.dialect.name == "sqlite") for move in rows])
    settle, log = _settling(connection.dialect.name)
    connection.execute(settle, {"moves": given, "ids": [move.message_id for move in rows]})
    connection.execute(log, {"moves": given})


def follow_events(session: Session, steps: Sequence[tuple[Status, Move]]) -> None:
    """Move messages by what providers told of them, in this order, and log each step.

    A step is the status that its message was in, and the Move from there: ValueError unless an event may say
    so. The caller holds the messages' rows locked, so that what was read of them still holds.
    """
    for old, move in steps:
        if not may_move(old, move.status, by_event=True):
            raise ValueError(f"no event makes {move.status} of {old}")
    if not steps:
        return
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    rows = [_row(move, sqlite=sqlite) for _, move in steps]
    last = {row["id"]: row for row in rows}
    follow, log = _following(connection.dialect.name), _settling(connection.dialect.name)[1]
    newest = [last[one] for one in sorted(last)]
    connection.execute(follow, {"moves": json.dumps(newest), "ids": sorted(last)})
    connection.execute(log, {"moves": json.dumps(rows)})


def _row(move: Move, *, sqlite: bool) -> dict[str, Any]:
    due_at = move.due_at and move.due_at.astimezone(UTC)
    return {
        "id": move.message_id,
        "alert_id": move.alert_id,
        "channel": move.channel,
        "subscriber_id": move.subscriber_id,
        "status": move.status,
        "attempt": move.attempt,
        "error": _cut(move.error, _ERROR_LENGTH),
        "detail": _cut(move.detail, _DETAIL_LENGTH),
        "provider_ref": move.provider_ref or None,
        "segments": move.segments,
        # The text that SQLite's column has (dispatcher.db.UtcDateTime), an ISO moment for PostgreSQL.
        "due_at": due_at and (due_at.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else due_at.isoformat()),
    }


@cache
def _settling(dialect: str) -> tuple[Executable, Executable]:
    """The statements that settle moves and log them, built once: they run for every few messages."""
    given = _given(dialect)
    return _settle(given.c), _log(dialect, given.c)


@cache
def _following(dialect: str) -> Executable:
    """The statement that moves messages by events, built once."""
    given = _given(dialect).c
    return (
        update(Message.__table__)  # type: ignore[arg-type]
        .where(among(Message.id.expression, "ids"), Message.id == given.id)
        .values(
            status=given.status,
            error=given.error,
            provider_ref=func.coalesce(Message.provider_ref, given.provider_ref),
            changed_at=db_now(),
        )
    )


def _given(dialect: str) -> FromClause:
    """Moves as one parameter, `moves`."""
    return given_rows(
        dialect,
        "moves",
        {
            "id": Message.id.type,
            "alert_id": Message.alert_id.type,
            "channel": Message.channel.type,
            "subscriber_id": Message.id.type,
            "status": Message.status.type,
            "attempt": Message.attempt.type,
            "error": String(),
            "detail": String(),
            "provider_ref": String(),
            "segments": Integer(),
            "due_at": Message.due_at.type,
        },
    )


def _settle(given: ReadOnlyColumnCollection[str, Any]) -> Executable:
    kind = Message.status.type
    back = given.status == literal(Status.QUEUED, kind)

    def may_become(old: Status) -> ColumnElement[bool]:
        """SQL: the message is in `old`, and the new status may follow it."""
        follows: ColumnElement[bool] = given.status.in_([literal(new, kind) for new in sorted(MOVES[old])])
        return (Message.status == old) & follows

    sending, given_up = may_become(Status.SENDING), may_become(Status.UNCERTAIN)
    not_taken = (Message.status == Status.UNCERTAIN) & back
    return (
        update(Message.__table__)  # type: ignore[arg-type]
        # PostgreSQL can't tell how many rows JSON has and would read the whole table: the ids lead it.
        .where(among(Message.id.expression, "ids"))
        .where(Message.id == given.id, Message.attempt == given.attempt)
        .values(
            status=case(
                (sending | given_up, given.status),
                (not_taken, literal(Status.FAILED, kind)),
                else_=Message.status,
            ),
            chunk_number=case((sending & back, None), else_=Message.chunk_number),
            due_at=case((sending & back, given.due_at), else_=Message.due_at),
            error=case((sending | given_up | not_taken, given.error), else_=Message.error),
            provider_ref=func.coalesce(Message.provider_ref, given.provider_ref),
            segments=func.coalesce(given.segments, Message.segments),
            changed_at=db_now(),
        )
    )


def _log(dialect: str, given: ReadOnlyColumnCollection[str, Any]) -> Executable:
    columns = {
        "at": db_now(),
        "message_id": given.id,
        **{name: given[name] for name in ("status", "alert_id", "channel", "subscriber_id")},
        **{name: given[name] for name in ("attempt", "provider_ref", "error", "detail")},
    }
    return _log_from(dialect, columns, select(*columns.values()).where(true()))


def _log_from(dialect: str, columns: Mapping[str, Any], lines: Select[Any]) -> Executable:
    """Lines of the log. (SQLite: a moment is a millisecond, a word on a message one line in it. And it can't
    tell ON CONFLICT from a join where `lines` have no WHERE.)
    """
    # The one dialect that is used: to load both would delay every command that steers an alert.
    insert_with_conflicts = import_module(f"sqlalchemy.dialects.{dialect}").insert
    statement: Executable = (
        insert_with_conflicts(DeliveryLogEntry.__table__)
        .from_select(list(columns), lines)
        .on_conflict_do_nothing()
    )
    return statement


def _cut(words: str | None, length: int) -> str | None:
    return words[:length] if words else None
