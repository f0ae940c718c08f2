"""A batch of events: what each is about, what follows from it, and what came of it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.keyring import Keyring
from dispatcher.models import ProviderEvent
from dispatcher.rules.feedback import Outcome, consequence, error_of, rank, tried_again_after
from dispatcher.rules.moves import Status
from dispatcher.sql import among, given_rows
from dispatcher.usecases.feedback.consequences import Bearing, Borne, bear
from dispatcher.usecases.feedback.matching import TWILIO, Target, attempts_of, find_targets
from dispatcher.usecases.moves import Move, follow_events


def apply_events(session: Session, keys: Keyring, ids: Sequence[int]) -> dict[int, Outcome]:
    """Apply these events, whose rows the caller holds; what came of each."""
    if not ids:
        return {}
    found = session.scalars(select(ProviderEvent).where(ProviderEvent.id.in_(ids))).all()
    events = sorted(found, key=lambda one: (rank(one.kind), one.told_at or one.taken_at, one.id))
    targets = find_targets(session, keys, events)
    bearings, steps = _follow(session, events, targets)
    follow_events(session, steps)
    borne = bear(session, [one for one in bearings if _is_believed(one)])
    outcomes = {one.event.id: _outcome(one, borne) for one in bearings}
    _mark(session, bearings, outcomes)
    return outcomes


def _follow(
    session: Session, events: Sequence[ProviderEvent], targets: dict[int, Target]
) -> tuple[list[Bearing], list[tuple[Status, Move]]]:
    """What follows from each event, given those before it; and the steps of messages."""
    messages = {one.message.id: one.message for one in targets.values() if one.message}
    attempts = attempts_of(session, messages.values())
    statuses = {number: message.status for number, message in messages.items()}
    bearings: list[Bearing] = []
    steps: list[tuple[Status, Move]] = []
    for event in events:
        target = targets[event.id]
        message = target.message
        if message is None:
            bearings.append(Bearing(event, target, consequence(event.kind, None, target.channel)))
            continue
        old = statuses[message.id]
        earlier = _is_earlier(event, message.attempt, old, attempts.get(message.id, {}))
        follows = consequence(event.kind, old, target.channel, earlier=earlier)
        bearings.append(Bearing(event, target, follows))
        if follows.status is not None:
            steps.append((old, _step(bearings[-1], follows.status)))
            statuses[message.id] = follows.status
    return bearings, steps


def _is_earlier(event: ProviderEvent, attempt: int, status: Status, known: dict[str, int]) -> bool:
    """Whether an event is about an attempt that is over. `known`: the provider's ids, of which attempts.

    A relay's id and its callbacks' need not be the same one; Twilio's are.
    """
    of = known.get(event.provider_ref) if event.provider_ref else None
    if of is not None:
        return of < attempt or status is Status.QUEUED
    return event.provider == TWILIO and bool(event.provider_ref) and attempt in known.values()


def _step(bearing: Bearing, status: Status) -> Move:
    event, message = bearing.event, bearing.target.message
    assert message is not None
    went_well = status in {Status.SENT, Status.DELIVERED}
    return Move(
        message_id=message.id,
        alert_id=message.alert_id,
        channel=message.channel,
        subscriber_id=message.subscriber_id,
        status=status,
        attempt=message.attempt,
        error=None if went_well else error_of(event.kind, event.provider, event.code),
        detail=event.words or None,
        provider_ref=event.provider_ref or None,
    )


def _is_believed(bearing: Bearing) -> bool:
    """An orphan's address bears what follows once, when it comes in; not at each later try."""
    return bearing.target.unknown is None or bearing.event.tries == 0


def _outcome(bearing: Bearing, borne: Borne) -> Outcome:
    follows, address = bearing.consequence, bearing.address
    if follows.leaves and address in borne.left:
        return Outcome.LEFT
    if (follows.suppress and address in borne.suppressed) or (follows.strike and address in borne.given_up):
        return Outcome.SUPPRESSED
    if follows.status is not None:
        return Outcome.MOVED
    has_had_all = address is not None and (follows.suppress or follows.leaves)
    return Outcome.NOTED if has_had_all else bearing.target.unknown or Outcome.NOTED


def _mark(session: Session, bearings: Sequence[Bearing], outcomes: dict[int, Outcome]) -> None:
    """Write down what came of each; an orphan is tried again for some days."""
    now = session.scalars(select(db_now())).one()
    dialect = session.connection().dialect.name
    marks: list[dict[str, Any]] = []
    for one in bearings:
        message = one.target.message
        again = outcomes[one.event.id] is Outcome.ORPHAN
        wait = tried_again_after(one.event.tries + 1, now - one.event.taken_at) if again else None
        marks.append(
            {
                "id": one.event.id,
                "outcome": outcomes[one.event.id],
                "message_id": message and message.id,
                "again_at": wait and _written(now + wait, sqlite=dialect == "sqlite"),
            }
        )
    given = {"marks": json.dumps(marks), "ids": [mark["id"] for mark in marks]}
    session.connection().execute(_marking(dialect), given)


def _written(moment: datetime, *, sqlite: bool) -> str:
    """The text that SQLite's column has (dispatcher.db.UtcDateTime), an ISO moment for PostgreSQL."""
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else utc.isoformat()


@cache
def _marking(dialect: str) -> Executable:
    """The statement that marks events, built once."""
    row = ProviderEvent
    given = given_rows(
        dialect,
        "marks",
        {
            "id": row.id.type,
            "outcome": row.outcome.type,
            "message_id": row.message_id.type,
            "again_at": row.next_try_at.type,
        },
    ).c
    return (
        update(row.__table__)  # type: ignore[arg-type]
        .where(among(row.id.expression, "ids"), row.id == given.id)
        .values(
            outcome=given.outcome,
            message_id=given.message_id,
            next_try_at=given.again_at,
            tries=row.tries + 1,
        )
    )
