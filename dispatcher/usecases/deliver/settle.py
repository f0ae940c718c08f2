"""What a provider's answer means for a message, for its address and for its alert."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dispatcher.channels.base import OUT_OF_TIME, Outcome
from dispatcher.db import after_commit
from dispatcher.models import DeliveryLogEntry, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.moves import Status
from dispatcher.rules.retry import Decision, GiveUp, PauseAlert, RetryAt, Settle, decide
from dispatcher.usecases.daily import unspend_today
from dispatcher.usecases.deliver.lease import Lease
from dispatcher.usecases.deliver.pages import Occasion
from dispatcher.usecases.deliver.prepare import Ready
from dispatcher.usecases.deliver.slowing import Slowing
from dispatcher.usecases.moves import Move, settle_each
from dispatcher.usecases.pause_by_itself import pause_by_itself
from dispatcher.usecases.stop_line import note_told
from dispatcher.usecases.suppress import suppress


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt and what came of it."""

    ready: Ready
    outcome: Outcome

    @property
    def attempt(self) -> int:
        return self.ready.due.attempt + 1  # as it was read before the intent counted it


def settle(
    session: Session,
    lease: Lease,
    occasion: Occasion,
    answers: Sequence[Answer],
    slowing: Slowing | None = None,
) -> None:
    """Move every message by its answer, log it, suppress dead addresses, pause the alert when it is us.

    With `slowing`, whoever said slow down has its lane lowered once this is committed.
    """
    now = datetime.now(UTC)
    firsts = _first_attempts(session, answers)
    decisions = [(answer, _decision(answer, occasion, now, firsts)) for answer in answers]
    # Before the messages: who holds those should wait for nobody.
    unspend_today(session, lease.channel, _not_taken(decisions))
    settle_each(session, (_move(lease, answer, decision, now) for answer, decision in decisions))
    if lease.channel is Channel.SMS and not occasion.practice:  # practising keeps the line from nobody
        note_told(session, _told_how_to_stop(decisions))
    _suppress_dead(session, lease, decisions)
    if slowing is not None:
        _slow(session, lease, decisions, slowing)
    ours = [answer.outcome for answer, decision in decisions if isinstance(decision, PauseAlert)]
    if ours:
        _pause(session, lease.alert_id, ours[0])


def _not_taken(decisions: Sequence[tuple[Answer, Decision]]) -> int:
    """The units of what was counted at its intent and certainly didn't leave."""
    stayed = (RetryAt, GiveUp, PauseAlert)
    return sum(answer.ready.units for answer, decision in decisions if isinstance(decision, stayed))


def _told_how_to_stop(decisions: Sequence[tuple[Answer, Decision]]) -> list[int]:
    return [
        answer.ready.due.message_id
        for answer, decision in decisions
        if isinstance(decision, Settle) and decision.status is Status.SENT and answer.ready.tells_stop
    ]


def _suppress_dead(session: Session, lease: Lease, decisions: Sequence[tuple[Answer, Decision]]) -> None:
    dead = [
        answer.ready.due.message_id
        for answer, decision in decisions
        if isinstance(decision, Settle) and decision.suppress
    ]
    for key in session.scalars(select(Message.address_key).where(Message.id.in_(dead))).all() if dead else ():
        suppress(session, lease.channel, key, SuppressionReason.BOUNCED, source="refused while sending")


def _slow(
    session: Session, lease: Lease, decisions: Sequence[tuple[Answer, Decision]], slowing: Slowing
) -> None:
    """A message goes on in the lane of the domain that complains; the lanes are lowered after the commit."""
    complaints, lanes = [], defaultdict(list)
    for answer, decision in decisions:
        if isinstance(decision, RetryAt | GiveUp) and decision.slow_lane:
            due = answer.ready.due
            complaint = slowing.complaint(lease.channel, due.address or "", answer.outcome)
            complaints.append(complaint)
            if complaint.domain and complaint.domain != lease.lane:
                lanes[complaint.domain].append(due.message_id)
    for domain, ids in sorted(lanes.items()):
        own = update(Message).where(Message.id.in_(ids), Message.status == Status.QUEUED)
        session.execute(own.values(lane=domain).execution_options(synchronize_session=False))
    if complaints:
        after_commit(session, partial(slowing.tell, complaints))


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
    words = f"{outcome.code}: {outcome.detail}".rstrip(": .")
    way_on = f"mend it, look with `dispatch doctor`, then `dispatch resume {alert_id}`."
    reason = f"{words}. It is on our side: {way_on}"
    told = f"Alert {alert_id} has paused by itself, the provider refuses us ({outcome.code}): {way_on}"
    pause_by_itself(session, alert_id, reason, told=told, cause="refused")
