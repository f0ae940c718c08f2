"""Who is told, of what, and with which secret: by staff, at the command line alone."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dispatcher.channels.webhook import forbidden, shown_host
from dispatcher.db import db_now
from dispatcher.errors import UnknownWebhook, WrongWebhook
from dispatcher.models import Webhook, WebhookDelivery
from dispatcher.rules.alarms import Event as AlarmEvent
from dispatcher.rules.urls import is_loopback
from dispatcher.rules.webhooks import MOST_AT_ONCE, Kind, shown_secret
from dispatcher.usecases.alarms.note import end_alarm
from dispatcher.usecases.webhooks.alert_states import forget_states
from dispatcher.usecases.webhooks.following import anybody_follows, unfollowed

BOTH_SIGN_FOR = timedelta(hours=24)
_SECRET_BYTES = 32
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class WebhookView:
    """One receiver as staff see it: never its whole address, never a secret."""

    number: int
    host: str
    kinds: tuple[str, ...]
    batch: int
    created_at: datetime
    told: int
    told_at: datetime | None
    waiting: int
    unread: int  # happened, and no worker has looked at it yet
    more_unread: bool  # at least so many
    oldest_at: datetime | None  # of what waits, or wasn't looked at
    given_up: int
    failures: int  # in a row
    failing_since: datetime | None
    disabled_at: datetime | None
    two_secrets_until: datetime | None
    answers: tuple[
        tuple[str, int], ...
    ]  # to what waits or was given up: ("503", 12), the most frequent first

    @property
    def state(self) -> str:
        """What isn't right, in a word."""
        if self.disabled_at:
            return "switched off"
        return "failing" if self.failures else ""

    def as_json(self) -> dict[str, Any]:
        """What the command line and the API tell."""
        moments = {
            name: at.isoformat() if at else None
            for name, at in (
                ("created_at", self.created_at),
                ("told_at", self.told_at),
                ("oldest_at", self.oldest_at),
                ("failing_since", self.failing_since),
                ("disabled_at", self.disabled_at),
                ("two_secrets_until", self.two_secrets_until),
            )
        }
        return {
            "webhook": self.number,
            "host": self.host,
            "events": list(self.kinds),
            "batch": self.batch,
            "told": self.told,
            "waiting": self.waiting,
            "unread": self.unread,
            "given_up": self.given_up,
            "failures": self.failures,
            "answers": dict(self.answers),
            **moments,
        }


def add_webhook(session: Session, url: str, kinds: Collection[Kind], batch: int = 1) -> tuple[int, str]:
    """Tell a receiver from now on; its number, and its secret, which is shown this once.

    Raises WrongWebhook.
    """
    _check(url)
    if not 1 <= batch <= MOST_AT_ONCE:
        raise WrongWebhook(problem=f"a POST has 1 to {MOST_AT_ONCE} events.")
    if not anybody_follows(session):
        forget_states(session)
    secret = _new_secret()
    ordered = " ".join(kind for kind in Kind if kind in kinds)
    hook = Webhook(url=url, kinds=ordered, batch=batch, secret=secret)
    session.add(hook)
    session.flush()
    return hook.id, secret


def change_secret(session: Session, number: int) -> str:
    """Give a receiver a new secret, told this once. Both sign for a day. Raises UnknownWebhook."""
    hook = require_webhook(session, number)
    hook.former_secret, hook.secret = hook.secret, _new_secret()
    hook.former_until = session.scalars(select(db_now(BOTH_SIGN_FOR.total_seconds()))).one()
    return hook.secret


def remove_webhook(session: Session, number: int) -> int:
    """Tell a receiver nothing more; how many events it was never told. Raises UnknownWebhook."""
    hook = require_webhook(session, number)
    untold = select(func.count()).where(WebhookDelivery.webhook_id == number)
    lost = session.scalar(untold) or 0
    _alarm_over(session, number, "was removed")
    session.delete(hook)
    return lost


def retry_webhook(session: Session, number: int) -> int:
    """Try everything again that waits or was given up, and tell a receiver that was switched off again, from
    now on; how many events are due. Raises UnknownWebhook.
    """
    hook = require_webhook(session, number)
    now = session.scalars(select(db_now())).one()
    if hook.disabled_at is not None:
        if not anybody_follows(session):
            forget_states(session)
        hook.disabled_at, hook.begins_at = None, now
        _alarm_over(session, number, "is told again")
    hook.rest_until, hook.failing_since, hook.failures = None, None, 0
    due = session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == number)
        .values(due_at=now, found_at=now, tries=0)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    return int(due)


def require_webhook(session: Session, number: int) -> Webhook:
    """The receiver of this number. Raises UnknownWebhook."""
    hook = session.get(Webhook, number) if number < 2**31 else None
    if hook is None:
        raise UnknownWebhook(number=number)
    return hook


def view_webhook(session: Session, number: int) -> WebhookView:
    """One receiver. Raises UnknownWebhook."""
    return _view(session, require_webhook(session, number))


def view_webhooks(session: Session) -> list[WebhookView]:
    """Every receiver, oldest first."""
    return [_view(session, hook) for hook in session.scalars(select(Webhook).order_by(Webhook.id))]


def _view(session: Session, hook: Webhook) -> WebhookView:
    of_hook, waits = WebhookDelivery.webhook_id == hook.id, WebhookDelivery.due_at.is_not(None)
    waiting, oldest = session.execute(
        select(func.count(), func.min(WebhookDelivery.at)).where(of_hook, waits)
    ).one()
    unread, more = unfollowed(session, hook)
    given_up = session.scalar(select(func.count()).where(of_hook, ~waits)) or 0
    answers = session.execute(
        select(WebhookDelivery.answer, func.count())
        .where(of_hook, WebhookDelivery.answer != "")
        .group_by(WebhookDelivery.answer)
        .order_by(func.count().desc(), WebhookDelivery.answer)
    )
    now = session.scalars(select(db_now())).one()
    changing = hook.former_until is not None and hook.former_until > now
    return WebhookView(
        hook.id,
        shown_host(hook.url),
        tuple(hook.kinds.split()),
        hook.batch,
        hook.created_at,
        hook.told,
        hook.told_at,
        waiting,
        len(unread),
        more,
        min([*(one.at for one in unread), *([oldest] if waiting else [])], default=None),
        given_up,
        hook.failures,
        hook.failing_since,
        hook.disabled_at,
        hook.former_until if changing else None,
        tuple((answer, number) for answer, number in answers),
    )


def _check(url: str) -> None:
    """Raises WrongWebhook, without the address: it may hold a secret."""
    plain = len(url) <= _LONGEST_URL and url.isascii() and url.isprintable() and " " not in url
    try:
        parts = urlsplit(url)
        plain = plain and bool(parts.hostname) and parts.port != 0
    except ValueError:
        plain, parts = False, urlsplit("")
    if not plain:
        raise WrongWebhook(problem="that isn't an address such as https://crm.example.org/hooks/dispatcher.")
    if "@" in parts.netloc:
        raise WrongWebhook(problem="put no name and password into it; its signature says who we are.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise WrongWebhook(problem="it must begin with https:// (http:// on this machine alone).")
    if why := forbidden(url):
        raise WrongWebhook(problem=f"{why}.")


def _new_secret() -> str:
    return shown_secret(secrets.token_bytes(_SECRET_BYTES))


def alarm_subject(number: int) -> str:
    """What alarms call a receiver: its host is nobody's business who reads a chat."""
    return f"webhook {number}"


def _alarm_over(session: Session, number: int, what: str) -> None:
    end_alarm(session, AlarmEvent.WEBHOOK_OFF, f"Webhook {number} {what}.", subject=alarm_subject(number))
