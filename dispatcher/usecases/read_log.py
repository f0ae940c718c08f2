"""Read the delivery log: rows that name people by id, never by address."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import DeliveryLogEntry

FIELDS = ("message", "alert", "channel", "subscriber", "status", "at", "attempt", "provider_ref", "error")
_AT_A_TIME = 1000


def read_log(
    session: Session, *, alert_id: int | None = None, subscriber_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """Every attempt and event, oldest first, streamed: the contract's fields, and the provider's words."""
    query = select(DeliveryLogEntry).order_by(DeliveryLogEntry.at, DeliveryLogEntry.message_id)
    if alert_id is not None:
        query = query.where(DeliveryLogEntry.alert_id == alert_id)
    if subscriber_id is not None:
        query = query.where(DeliveryLogEntry.subscriber_id == subscriber_id)
    for entry in session.scalars(query.execution_options(yield_per=_AT_A_TIME)):
        yield {
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
