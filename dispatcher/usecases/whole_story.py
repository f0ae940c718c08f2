"""`dispatch subscribers show`: a person's story, every event, and why each alert reached them or didn't."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.house import House
from dispatcher.models import Action, Campaign, DeliveryLogEntry, HeldForgetting, Message, Subscriber
from dispatcher.rules.moves import Status
from dispatcher.usecases.traces import read_traces
from dispatcher.usecases.view_subscribers import Story, tell_stories
from dispatcher.usecases.why_not import Told, tell_alerts


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the delivery log. `detail` is the provider's words, without any address."""

    at: datetime
    status: Status
    error: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class WholeStory:
    """`events` by the message's number; `more` are the other tables' rows, `campaigns` the names, by number,
    of those that the person has acted for.
    """

    story: Story
    events: Mapping[int, tuple[Event, ...]]
    alerts: tuple[Told, ...]
    to_be_forgotten: bool  # once a legal hold ends
    more: Mapping[str, list[dict[str, Any]]] = field(repr=False)
    campaigns: Mapping[int, str] = field(repr=False)


def whole_stories(session: Session, house: House, who: str, *, reveal: bool) -> list[WholeStory]:
    """The story of whoever is meant: one person, or all who share a phone. Raises as find_subscribers.

    Without `reveal` the other tables' addresses and words are left out.
    """
    return [_whole(session, house, story, reveal=reveal) for story in tell_stories(session, house.keys, who)]


def _whole(session: Session, house: House, story: Story, *, reveal: bool) -> WholeStory:
    person = session.get_one(Subscriber, story.subscriber.id)
    keys = [key for key in (person.email_key, person.phone_key) if key]
    more = read_traces(session, person.id, keys, whole=reveal)
    return WholeStory(
        story,
        _events(session, person.id),
        tuple(tell_alerts(session, house.settings, person)),
        bool(more.pop(HeldForgetting.__tablename__, None)),
        more,
        _campaigns(session, person.id),
    )


def _campaigns(session: Session, person_id: int) -> dict[int, str]:
    acted_for = select(Action.campaign_id).where(Action.subscriber_id == person_id)
    named = select(Campaign.id, Campaign.slug).where(Campaign.id.in_(acted_for))
    return {one.id: one.slug for one in session.execute(named)}


def _events(session: Session, person_id: int) -> dict[int, tuple[Event, ...]]:
    of_person = select(Message.id).where(Message.subscriber_id == person_id)
    events: dict[int, tuple[Event, ...]] = {}
    log = select(DeliveryLogEntry).where(DeliveryLogEntry.message_id.in_(of_person))
    for one in session.scalars(log.order_by(DeliveryLogEntry.at)):
        told = Event(one.at, one.status, one.error, one.detail)
        events[one.message_id] = (*events.get(one.message_id, ()), told)
    return events
