"""What a provider's answer means for a message, for its address and for its alert."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.channels.base import OUT_OF_TIME, Outcome
from dispatcher.models import Alert, DeliveryLogEntry, Message
from dispatcher.rules.alert import AlertState
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.moves import Status
from dispatcher.rules.retry import Decision, GiveUp, PauseAlert, RetryAt, Settle, decide
from dispatcher.usecases.deliver.lease import Lease
from dispatcher.usecases.deliver.pages import Occasion
from dispatcher.usecases.deliver.prepare import Ready
from dispatcher.usecases.moves import Move, settle_each
from dispatcher.usecases.steer import pause
from dispatcher.usecases.suppress import suppress


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt and what came of it."""

    ready: Ready
    outcome: Outcome

    @property
    def attempt(self) -> int:
        return self.ready.due.attempt + 1  # as it was read before the intent counted it


def settle(session: Session, lease: Lease, occasion: Occasion, answers: Sequence[Answer]) -> None:
    """Move every message by its answer, log it, suppress dead addresses, pause the alert when it is us."""
    if not answers:
        return
    now = datetime.now(UTC)
    firsts = _first_attempts(session, answers)
    decisions = [(answer, _decision(answer, occasion, now, firsts)) for answer in answers]
    settle_each(session, (_move(lease, answer, decision, now) for answer, decision in decisions))
    dead = [
        answer.ready.due.message_id
        for answer, decision in decisions
        if isinstance(decision, Settle) and decision.suppress
    ]
    for key in session.scalars(select(Message.address_key).where(Message.id.in_(dead))).all() if dead else ():
        suppress(session, lease.channel, key, SuppressionReason.BOUNCED, source="refused while sending")
    ours = [answer.outcome for answer, decision in decisions if isinstance(decision, PauseAlert)]
    if ours:
        _pause(session, lease.alert_id, ours[0])


def _decision(answer: Answer, occasion: Occasion, now: datetime, firsts: Mapping[int, datetime]) -> Decision:
    if answer.outcome.code == OUT_OF_TIME:
        return RetryAt(now)  # our own doing: no provider asked for patience
    return decide(
        answer.outcome.result,
        attempt=answer.attempt,
        now=now,
        first_at=firsts.get(answer.ready.due.message_id, now),
        jitter=random.random(),  # noqa: S311 - spreads retries, keeps no secret
        deadline=occasion.deadline,
        retry_after=answer.outcome.retry_after,
    )


def _first_attempts(session: Session, answers: Sequence[Answer]) -> dict[int, datetime]:
    """When messages that were tried before were tried first, by the log."""
    again = [answer.ready.due.message_id for answer in answers if answer.ready.due.attempt]
    if not again:
        return {}
    log = select(DeliveryLogEntry.message_id, func.min(DeliveryLogEntry.at))
    found = session.execute(
        log.where(DeliveryLogEntry.message_id.in_(again)).group_by(DeliveryLogEntry.message_id)
    )
    return dict(found.all())


def _move(lease: Lease, answer: Answer, decision: Decision, now: datetime) -> Move:
    outcome, due = answer.outcome, answer.ready.due
    move = Move(
        message_id=due.message_id,
        alert_id=lease.alert_id,
        channel=lease.channel,
        subscriber_id=due.subscriber_id,
        status=Status.FAILED,
        attempt=answer.attempt,
        error=outcome.code or None,
        detail=outcome.detail or None,
        provider_ref=outcome.provider_ref or None,
        segments=answer.ready.segments,
    )
    if isinstance(decision, Settle):
        return replace(move, status=decision.status)
    if isinstance(decision, GiveUp):
        return replace(move, error=f"{decision.reason} ({outcome.code})")
    due_at = decision.moment if isinstance(decision, RetryAt) else now
    return replace(move, status=Status.QUEUED, due_at=due_at)


def _pause(session: Session, alert_id: int, outcome: Outcome) -> None:
    """Stop before everybody else gets the same refusal; somebody must look at our side first."""
    if session.get_one(Alert, alert_id).state is not AlertState.RUNNING:
        return
    words = f"{outcome.code}: {outcome.detail}".rstrip(": .")
    pause(
        session, alert_id, f"{words}. It is on our side: mend it, look with `dispatch doctor`, then resume."
    )
