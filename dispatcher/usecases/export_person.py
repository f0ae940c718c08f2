"""All that is held of one person, for them. `export_page` makes it a page to read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import SharedPhone
from dispatcher.keyring import Keyring
from dispatcher.models import (
    Alert,
    Campaign,
    DeliveryLogEntry,
    List,
    Message,
    Subscriber,
    Subscription,
    Suppression,
)
from dispatcher.usecases.consent_history import consent_history
from dispatcher.usecases.find_subscriber import find_subscribers
from dispatcher.usecases.traces import read_traces

ABOUT = ("email", "phone", "first_name", "last_name", "language", "time_zone", "postal_code", "created_at")

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Record:
    """One person. Lists have their public names: a file or page may be seen by somebody else."""

    subscriber_id: int
    at: datetime
    about: dict[str, Any] = field(repr=False)
    subscriptions: Rows = field(repr=False)
    consents: Rows = field(repr=False)
    suppressions: Rows = field(repr=False)
    messages: Rows = field(repr=False)
    more: dict[str, Rows] = field(repr=False)  # by table

    @property
    def language(self) -> str:
        return str(self.about["language"])


def export_person(session: Session, keys: Keyring, who: str) -> Record:
    """All that is held of the person of this id or address.

    Raises SharedPhone when a phone doesn't say who is meant, UnknownSubscriber, or InvalidAddress.
    """
    people = find_subscribers(session, keys, who)
    if len(people) > 1:
        raise SharedPhone(number=len(people), ids=", ".join(str(one.id) for one in people))
    return record_of(session, people[0])


def record_of(session: Session, person: Subscriber) -> Record:
    """All that is held of this person."""
    keys = [key for key in (person.email_key, person.phone_key) if key]
    return Record(
        person.id,
        session.scalars(select(db_now())).one(),
        _about(person),
        _subscriptions(session, person),
        _consents(session, person, keys),
        _suppressions(session, keys),
        _messages(session, person),
        read_traces(session, person.id, keys),
    )


def as_json(record: Record) -> str:
    """Everything, for a program."""
    facts = {
        "subscriber": record.subscriber_id,
        "at": record.at,
        "about": record.about,
        "subscriptions": record.subscriptions,
        "consents": record.consents,
        "suppressions": record.suppressions,
        "messages": record.messages,
        "more": record.more,
    }
    return json.dumps(facts, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _about(person: Subscriber) -> dict[str, Any]:
    facts = {name: getattr(person, name) for name in (*ABOUT, "quiet_zones", "updated_at")}
    return facts | {"attributes": json.loads(person.attributes or "{}"), "import": person.batch_id}


def _subscriptions(session: Session, person: Subscriber) -> Rows:
    rows = session.execute(
        select(List.public_name, Subscription.channel, Subscription.joined_at, Subscription.left_at)
        .join(Subscription, Subscription.list_id == List.id)
        .where(Subscription.subscriber_id == person.id)
        .order_by(List.id, Subscription.channel)
    )
    return [
        {"list": name, "channel": channel, "joined_at": joined, "left_at": left}
        for name, channel, joined, left in rows
    ]


def _consents(session: Session, person: Subscriber, keys: Sequence[bytes]) -> Rows:
    rows = session.execute(consent_history(person, keys))
    return [
        {
            "at": one.at,
            "list": its_list.public_name,
            "channel": one.channel,
            "act": one.act,
            "source": one.source,
            "language": one.language,
            "words_shown": shown,
            "page": one.page,
            "ip_address": one.ip_address,
        }
        for one, its_list, shown in rows
    ]


def _suppressions(session: Session, keys: Sequence[bytes]) -> Rows:
    rows = session.scalars(select(Suppression).where(Suppression.address_key.in_(keys)))
    return [
        {"channel": one.channel, "reason": one.reason, "source": one.source, "at": one.created_at}
        for one in rows
    ]


def _messages(session: Session, person: Subscriber) -> Rows:
    events: dict[int, Rows] = {}
    of_person = select(Message.id).where(Message.subscriber_id == person.id)
    log = select(DeliveryLogEntry).where(DeliveryLogEntry.message_id.in_(of_person))
    for entry in session.scalars(log.order_by(DeliveryLogEntry.at)):
        event = {"at": entry.at, "status": entry.status, "error": entry.error, "detail": entry.detail}
        events.setdefault(entry.message_id, []).append(event)
    rows = session.execute(
        select(Message, Campaign.title)
        .join(Alert, Alert.id == Message.alert_id)
        .join(Campaign, Campaign.id == Alert.campaign_id)
        .where(Message.subscriber_id == person.id)
        .order_by(Message.id)
    )
    return [
        {
            "message": one.id,
            "title": title,
            "channel": one.channel,
            "language": one.language,
            "status": one.status,
            "at": one.changed_at,
            "events": events.get(one.id, []),
        }
        for one, title in rows
    ]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
