"""Tell receivers what waits for them: claimed first, posted without a database connection, noted afterwards.

A process that dies in between leaves its events where they are: they are told again, under the same id.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from dispatcher.channels.webhook import Posted, Poster, forbidden
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Webhook, WebhookDelivery
from dispatcher.rules.alarms import Event as AlarmEvent
from dispatcher.rules.webhooks import (
    GONE,
    TRIED_FOR,
    Event,
    next_try,
    parcel,
    rest_after,
    seconds_asked,
    signed_headers,
)
from dispatcher.usecases.alarms.note import raise_alarm
from dispatcher.usecases.webhooks.registering import alarm_subject

ANSWERS_WITHIN = 10.0  # seconds: a receiver should take it down and answer, and work on it afterwards
_LEASE = 120.0  # seconds: longer than a claim's posts may take
_POSTS = 20  # a claim, at most
_A_CLAIM = 3.0  # seconds of posting, until it is noted how far we are
_SLOW = 1.0  # seconds: who takes longer is left in peace for as long, so that they have half of us at most
_RECOVERS_AFTER = 3  # failures in a row: then it was the receiver, not an event


@dataclass(frozen=True, slots=True)
class Parcel:
    """One POST: its id, its body, and the rows that it tells."""

    name: str
    body: bytes = field(repr=False)
    rows: tuple[int, ...]
    tries: int
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What one receiver is told now."""

    webhook_id: int
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One POST and what became of it; `seconds` is how long that took."""

    parcel: Parcel
    posted: Posted
    seconds: float = 0.0


def anything_to_tell(session: Session) -> bool:
    """Whether somebody can be told something now."""
    return bool(session.scalar(select(exists().where(*_ready(), _has_due()))))


def tell(house: House, poster: Poster, stopping: Callable[[], bool], within: float) -> bool:
    """Tell for about `within` seconds, the receiver that waits longest first; whether there is more."""
    ends = time.monotonic() + within
    while not stopping() and time.monotonic() < ends:
        claim = claim_some(house) if _waits(house) else None
        if claim is None:
            return False
        note(house, claim, _post(poster, claim, stopping))
    return _waits(house)


def _waits(house: House) -> bool:
    """Reads alone: most looks find nothing, and would keep others from writing on SQLite."""
    with house.db.reading() as session:
        return anything_to_tell(session)


def claim_some(house: House) -> Claim | None:
    """The oldest events of the receiver that was served longest ago: nobody else posts to it meanwhile."""
    with house.db.transaction() as session:
        query = select(Webhook).where(*_ready(), _has_due()).order_by(Webhook.lease_until.asc().nulls_first())
        free = query.order_by(Webhook.id).limit(1).with_for_update(skip_locked=True, of=Webhook)
        hook = session.scalars(free).one_or_none()
        if hook is None:
            return None
        now, hook.lease_until = session.execute(select(db_now(), db_now(_LEASE))).one()
        both = hook.former_secret and hook.former_until and hook.former_until > now
        secrets = (hook.secret, hook.former_secret) if both and hook.former_secret else (hook.secret,)
        return Claim(hook.id, hook.url, secrets, tuple(_parcels(session, hook)))


def note(house: House, claim: Claim, told: Sequence[Told]) -> None:
    """Write down what was taken, and when the rest is tried again."""
    with house.db.transaction() as session:
        hook = session.scalars(
            select(Webhook).where(Webhook.id == claim.webhook_id).with_for_update()
        ).one_or_none()
        if hook is None:
            return  # removed meanwhile, and what waited with it
        now = session.scalars(select(db_now())).one()
        hook.lease_until = now
        for one in told:
            if one.posted.problem:
                _failed(session, hook, one, now)
            else:
                _taken(session, hook, one, now)
        slowest = max((one.seconds for one in told), default=0.0)
        if slowest > _SLOW:
            hook.rest_until = max(hook.rest_until or now, now + timedelta(seconds=slowest))
        worn_out = hook.failing_since is not None and now - hook.failing_since > TRIED_FOR
        if worn_out or any(one.posted.status == GONE for one in told):
            _switch_off(session, hook, now, gone=not worn_out)


def _ready() -> tuple[ColumnElement[bool], ...]:
    free = or_(Webhook.lease_until.is_(None), Webhook.lease_until <= db_now())
    rested = or_(Webhook.rest_until.is_(None), Webhook.rest_until <= db_now())
    return Webhook.disabled_at.is_(None), free, rested


def _has_due() -> ColumnElement[bool]:
    due = (WebhookDelivery.due_at.is_not(None), WebhookDelivery.due_at <= db_now())
    return exists().where(WebhookDelivery.webhook_id == Webhook.id, *due)


def _parcels(session: Session, hook: Webhook) -> list[Parcel]:
    """What is due, oldest first, in the POSTs in which it goes for good."""
    rows = _due_rows(session, hook)
    if hook.batch == 1:
        return [_parcel([row], batch=False) for row in rows[:_POSTS]]
    loose = [row for row in rows if row.parcel is None]
    for first in range(0, len(loose), hook.batch):
        together = loose[first : first + hook.batch]
        for row in together:
            row.parcel = together[0].id
    session.flush()
    numbers = list(dict.fromkeys(row.parcel for row in rows))[:_POSTS]
    of_hook = select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id)
    whole = session.scalars(
        of_hook.where(WebhookDelivery.parcel.in_(numbers)).order_by(
            WebhookDelivery.parcel, WebhookDelivery.id
        )
    )
    return [_parcel(list(group), batch=True) for _, group in groupby(whole, key=lambda row: row.parcel)]


def _due_rows(session: Session, hook: Webhook) -> Sequence[WebhookDelivery]:
    due = (WebhookDelivery.due_at.is_not(None), WebhookDelivery.due_at <= db_now())
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id, *due)
    in_order = query.order_by(WebhookDelivery.due_at, WebhookDelivery.id)
    return session.scalars(in_order.limit(_POSTS * hook.batch)).all()


def _parcel(rows: Sequence[WebhookDelivery], *, batch: bool) -> Parcel:
    events = [Event(bytes(row.event_key), row.kind, row.at, json.loads(row.about)) for row in rows]
    name, body = parcel(events, batch=batch)
    return Parcel(name, body, tuple(row.id for row in rows), rows[0].tries, rows[0].found_at)


def _post(poster: Poster, claim: Claim, stopping: Callable[[], bool]) -> list[Told]:
    """One after another, until the first that isn't taken, or time is up."""
    told: list[Told] = []
    why = forbidden(claim.url)
    ends = time.monotonic() + _A_CLAIM
    for one in claim.parcels:
        began = time.monotonic()
        if told and (stopping() or began > ends):
            break
        posted = Posted(why) if why else post_signed(poster, claim, one)
        told.append(Told(one, posted, time.monotonic() - began))
        if posted.problem:
            break
    return told


def post_signed(poster: Poster, claim: Claim, one: Parcel) -> Posted:
    """POST it, signed at this moment."""
    headers = signed_headers(claim.secrets, one.name, int(time.time()), one.body)
    return poster.post(claim.url, one.body, headers)


def _taken(session: Session, hook: Webhook, one: Told, now: datetime) -> None:
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.id.in_(one.parcel.rows)))
    hook.told += len(one.parcel.rows)
    hook.told_at = now
    if hook.failures >= _RECOVERS_AFTER:  # it is back: what it was asked in vain isn't left waiting for hours
        waits = (WebhookDelivery.webhook_id == hook.id, WebhookDelivery.due_at > now)
        session.execute(
            update(WebhookDelivery)
            .where(*waits)
            .values(due_at=now)
            .execution_options(synchronize_session=False)
        )
    hook.failures, hook.failing_since, hook.rest_until = 0, None, None


def _failed(session: Session, hook: Webhook, one: Told, now: datetime) -> None:
    hook.failures += 1
    hook.failing_since = hook.failing_since or now
    hook.rest_until = now + rest_after(hook.failures, seconds_asked(one.posted.retry_after))
    tries = one.parcel.tries + 1
    wait = next_try(tries, now - one.parcel.found_at)
    answer = str(one.posted.status or one.posted.problem.rpartition("(")[2].rstrip(")"))
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id.in_(one.parcel.rows))
        .values(tries=tries, due_at=None if wait is None else now + wait, answer=answer[:60])
        .execution_options(synchronize_session=False)
    )


def _switch_off(session: Session, hook: Webhook, now: datetime, *, gone: bool) -> None:
    hook.disabled_at = now
    why = "answered that it is gone" if gone else "has taken nothing for three days"
    words = (
        f"Webhook {hook.id} {why}: it is told nothing more. Mend it, then run "
        f"`dispatch webhooks retry {hook.id}`; what happened meanwhile the API knows."
    )
    raise_alarm(session, AlarmEvent.WEBHOOK_OFF, words, subject=alarm_subject(hook.id))
