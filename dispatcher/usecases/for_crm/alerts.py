"""Alerts, and what happened in them."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from dispatcher.errors import UnknownAlert
from dispatcher.house import House
from dispatcher.models import Alert, DeliveryLogEntry
from dispatcher.rules.moves import Status
from dispatcher.rules.prices import Prices
from dispatcher.usecases.read_log import as_row
from dispatcher.usecases.retention.alerts import is_sensitive
from dispatcher.usecases.status import progress
from dispatcher.usecases.text_spending import spent
from dispatcher.usecases.webhooks.settled import LAG, settled_until

_HIGHEST_ID = 2**63 - 1
_PARTS = 3  # of a cursor
_NAMING = ("campaign", "name", "reason")
_ASKING = ("segments", "exceptions")  # they may name a list


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and what to ask for to get those behind them. `more`: there are some already."""

    rows: list[dict[str, Any]]
    next: str | None
    more: bool


def alert_seen(session: Session, prices: Prices, alert_id: int, *, named: bool) -> dict[str, Any]:
    """One alert, as `dispatch status --json` has it. Raises UnknownAlert."""
    found = progress(session, alert_id).as_json()
    texts = {language: cost.as_json() for language, cost in spent(session, prices, alert_id).items()}
    alert = session.get_one(Alert, alert_id)
    sensitive = is_sensitive(session, alert)
    if sensitive and not named:
        found |= dict.fromkeys(_NAMING) | {key: [] for key in _ASKING}
    return found | {"campaign_number": alert.campaign_id, "sensitive": sensitive, "texts": texts}


def alerts_page(session: Session, before: int | None, limit: int, *, named: bool) -> Page:
    """Alerts, newest first; `before` an alert's number."""
    query = select(Alert.id).order_by(Alert.id.desc()).limit(limit + 1)
    ids = session.scalars(query if before is None else query.where(Alert.id < before)).all()
    rows = [alert_seen(session, Prices(), one, named=named) for one in ids[:limit]]
    more = len(ids) > limit
    return Page(rows, str(ids[limit - 1]) if more else None, more)


def log_page(
    house: House,
    session: Session,
    alert_id: int,
    after: str,
    limit: int,
    *,
    named: bool,
    lag: float = LAG,
) -> Page:
    """An alert's log, oldest first. `next` is always given: asked again later it goes on from there.

    A sensitive alert's rows name nobody, unless the key may know who is on such a list.

    The newest seconds aren't told yet: another row could still appear among them, and whoever goes on from
    the last one would step over it. Raises UnknownAlert, and ValueError for an
    `after` that was no `next` of ours.
    """
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise UnknownAlert(ref=str(alert_id))
    nobody = {} if named or not is_sensitive(session, alert) else {"subscriber": None}
    entry = DeliveryLogEntry
    key = (entry.at, entry.message_id, entry.status)
    until = settled_until(session, lag=lag, patience=house.settings.lease_seconds)
    query = select(entry).where(entry.alert_id == alert_id, entry.at <= until)
    if after:
        given = [literal(value, column.type) for value, column in zip(_read_cursor(after), key, strict=True)]
        query = query.where(tuple_(*key) > tuple_(*given))
    found = session.scalars(query.order_by(*key).limit(limit + 1)).all()
    rows = found[:limit]
    told = [as_row(one) | nobody for one in rows]
    return Page(told, _cursor(rows[-1]) if rows else after or None, len(found) > limit)


def _cursor(entry: DeliveryLogEntry) -> str:
    words = json.dumps([entry.at.isoformat(), entry.message_id, entry.status])
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[datetime, int, Status]:
    found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(found, list) or len(found) != _PARTS:
        raise ValueError(text)
    at, message, status = found
    if not isinstance(at, str) or not isinstance(message, int) or not 0 <= message <= _HIGHEST_ID:
        raise ValueError(text)
    return datetime.fromisoformat(at).replace(tzinfo=UTC), message, Status(status)
