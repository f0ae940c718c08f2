"""What staff see of people: a list of them, and one person's whole story."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from dispatcher.keyring import Keyring
from dispatcher.models import (
    Alert,
    Campaign,
    List,
    Message,
    Subscriber,
    Subscription,
    Suppression,
)
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.rules.moves import Status
from dispatcher.usecases.consent_history import consent_history
from dispatcher.usecases.find_subscriber import find_subscribers

_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """One person on one list by one channel. `current`: with the address of today, not with an older one."""

    list_slug: str
    channel: Channel
    joined_at: datetime
    left_at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True)
class SubscriberView:
    """One person. Addresses are whole here: whoever shows them masks them unless they were asked for."""

    id: int
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    first_name: str | None = field(repr=False)
    last_name: str | None = field(repr=False)
    language: str
    time_zone: str | None
    postal_code: str | None
    created_at: datetime
    subscriptions: tuple[SubscriptionView, ...]

    def on(self, channel: Channel) -> list[str]:
        """The lists that reach the person by this channel."""
        return [
            one.list_slug
            for one in self.subscriptions
            if one.channel is channel and one.current and one.left_at is None
        ]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One entry of the ledger about one of the person's addresses."""

    at: datetime
    list_slug: str
    channel: Channel
    act: ConsentAct
    source: str
    language: str | None
    disclosure: str | None  # the words that were shown
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message to the person."""

    id: int
    alert_id: int
    campaign: str
    channel: Channel
    status: Status
    error: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that we hold of one person."""

    subscriber: SubscriberView
    quiet_zones: str | None
    attributes: str | None = field(repr=False)  # JSON
    batch_id: int | None
    suppressions: dict[Channel, SuppressionReason]
    consents: tuple[ConsentView, ...]
    messages: tuple[MessageView, ...]


def view_subscribers(
    session: Session,
    *,
    list_id: int | None = None,
    limit: int | None = None,
    segment: ColumnElement[bool] | None = None,
) -> Iterator[SubscriberView]:
    """People in the order in which they came, streamed; with `list_id` only who is on that list.

    `segment`: only who meets this condition (usecases.segments).
    """
    query = select(Subscriber).order_by(Subscriber.id).limit(limit)
    if segment is not None:
        query = query.where(segment)
    if list_id is not None:
        on_it = exists().where(
            Subscription.subscriber_id == Subscriber.id,
            Subscription.list_id == list_id,
            Subscription.left_at.is_(None),
        )
        query = query.where(on_it)
    pages = session.scalars(query.execution_options(yield_per=_AT_A_TIME)).partitions()
    for page in pages:
        yield from _views(session, page)


def tell_stories(session: Session, keys: Keyring, who: str) -> list[Story]:
    """The story of whoever is meant: one person, or all who share a phone. Raises as find_subscribers."""
    people = find_subscribers(session, keys, who)
    return [
        _story(session, person, view) for person, view in zip(people, _views(session, people), strict=True)
    ]


def _views(session: Session, people: Sequence[Subscriber]) -> Iterator[SubscriberView]:
    ids = [person.id for person in people]
    held: dict[int, list[tuple[Subscription, str]]] = {}
    for one, slug in session.execute(
        select(Subscription, List.slug)
        .join(List, List.id == Subscription.list_id)
        .where(Subscription.subscriber_id.in_(ids))
    ):
        held.setdefault(one.subscriber_id, []).append((one, slug))
    for person in people:
        current = {Channel.EMAIL: person.email_key, Channel.SMS: person.phone_key}
        yield SubscriberView(
            person.id,
            person.email,
            person.phone,
            person.first_name,
            person.last_name,
            person.language,
            person.time_zone,
            person.postal_code,
            person.created_at,
            tuple(
                SubscriptionView(slug, s.channel, s.joined_at, s.left_at, s.address_key == current[s.channel])
                for s, slug in sorted(held.get(person.id, ()), key=lambda one: (one[1], one[0].channel))
            ),
        )


def _story(session: Session, person: Subscriber, view: SubscriberView) -> Story:
    keys = [key for key in (person.email_key, person.phone_key) if key]
    suppressions = session.execute(
        select(Suppression.channel, Suppression.reason).where(Suppression.address_key.in_(keys))
    )
    consents = session.execute(consent_history(person, keys))
    messages = session.execute(
        select(Message, Campaign.slug)
        .join(Alert, Alert.id == Message.alert_id)
        .join(Campaign, Campaign.id == Alert.campaign_id)
        .where(Message.subscriber_id == person.id)
        .order_by(Message.id)
    )
    return Story(
        view,
        person.quiet_zones,
        person.attributes,
        person.batch_id,
        dict(suppressions.all()),
        tuple(
            ConsentView(e.at, its_list.slug, e.channel, e.act, e.source, e.language, words, e.batch_id)
            for e, its_list, words in consents
        ),
        tuple(
            MessageView(m.id, m.alert_id, slug, m.channel, m.status, m.error, m.changed_at)
            for m, slug in messages
        ),
    )
