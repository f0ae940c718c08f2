"""Read the delivery log: rows that name people by id, never by address. Answers to replies are among them."""

import heapq
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Answer, DeliveryLogEntry, Notice
from dispatcher.rules.notices import NOTICE_NUMBERS
from dispatcher.usecases.replies.keeping import RECEIVED

FIELDS = ("message", "alert", "channel", "subscriber", "status", "at", "attempt", "provider_ref", "error")
_AT_A_TIME = 1000


def read_log(
    session: Session, *, alert_id: int | None = None, subscriber_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """Every attempt and event, oldest first, streamed: the contract's fields, and the provider's words.

    What we answered to replies belongs to no alert, and has one row: what became of it.
    """
    alerts = _of_alerts(session, alert_id, subscriber_id)
    answers = _of_answers(session, subscriber_id) if alert_id is None else iter(())
    yield from heapq.merge(alerts, answers, key=lambda row: row["at"])


def _of_alerts(session: Session, alert_id: int | None, subscriber_id: int | None) -> Iterator[dict[str, Any]]:
    query = select(DeliveryLogEntry).order_by(DeliveryLogEntry.at, DeliveryLogEntry.message_id)
    if alert_id is not None:
        query = query.where(DeliveryLogEntry.alert_id == alert_id)
    if subscriber_id is not None:
        query = query.where(DeliveryLogEntry.subscriber_id == subscriber_id)
    for entry in session.scalars(query.execution_options(yield_per=_AT_A_TIME)):
        yield as_row(entry)


def as_row(entry: DeliveryLogEntry) -> dict[str, Any]:
    """One line of the log by the contract's names."""
    return {
        "message": entry.message_id,
        "alert": entry.alert_id,
        "channel": str(entry.channel),
        "subscriber": entry.subscriber_id,
        "status": str(entry.status),
        "at": entry.at.isoformat(),
        "attempt": entry.attempt,
        "provider_ref": entry.provider_ref,
        "error": entry.error,
        "detail": entry.detail,
    }


def _of_answers(session: Session, subscriber_id: int | None) -> Iterator[dict[str, Any]]:
    query = (
        select(Answer.reply_id, Answer.subscriber_id, Notice)
        .join(Notice, Notice.id == Answer.notice_id)
        .order_by(Notice.settled_at, Notice.id)
    )
    if subscriber_id is not None:
        query = query.where(Answer.subscriber_id == subscriber_id)
    for reply_id, person, notice in session.execute(query.execution_options(yield_per=_AT_A_TIME)):
        if notice.settled_at is None:  # it waits
            continue
        what = "the automatic answer" if notice.kind == RECEIVED else "an answer"
        yield {
            "message": NOTICE_NUMBERS + notice.id,
            "alert": None,
            "channel": str(notice.channel),
            "subscriber": person,
            "status": str(notice.state),
            "at": notice.settled_at.isoformat(),
            "attempt": notice.attempt,
            "provider_ref": None,
            "error": notice.error,
            "detail": f"{what} to reply {reply_id}",
        }
