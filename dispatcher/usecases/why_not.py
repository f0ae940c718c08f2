"""For each recent alert of a person's lists: what they got of it, or why they got nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dispatcher.content.frozen import pick_language
from dispatcher.db import db_now
from dispatcher.models import Alert, Campaign, List, Message, Subscriber, Subscription
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.hours import next_open
from dispatcher.rules.why_not import Case, why_not
from dispatcher.settings import Settings
from dispatcher.usecases.acting.sparing import have_acted
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.grouping import hours_for
from dispatcher.usecases.open_alert import edition_of
from dispatcher.usecases.segments import condition
from dispatcher.usecases.suppress import suppressed_for

_RECENT = 20  # alerts


@dataclass(frozen=True, slots=True)
class Told:
    """One alert by one channel: the status of the person's message, or why there is none."""

    alert_id: int
    campaign: str
    name: str
    channel: Channel
    at: datetime | None  # when it was laid out
    status: str  # of the message; "" where there is none
    reason: str


def tell_alerts(session: Session, settings: Settings, person: Subscriber) -> list[Told]:
    """Recent alerts of the lists that the person is or was on, the newest first, by every channel."""
    lists = _lists_of(session, person)
    recent = session.execute(
        select(Alert, Campaign.slug).join(Campaign).order_by(Alert.id.desc()).limit(_RECENT)
    ).all()
    return [
        told
        for alert, slug in recent
        if lists & set(json.loads(alert.audience).get("lists", ()))  # none, where a journal brought it back
        for told in _tell(session, settings, person, alert, slug)
    ]


def _tell(
    session: Session, settings: Settings, person: Subscriber, alert: Alert, slug: str
) -> Iterator[Told]:
    choice = Choice.from_json(alert.audience)
    for channel in Channel:
        own = select(Message.status, Message.error).where(
            Message.alert_id == alert.id, Message.channel == channel, Message.subscriber_id == person.id
        )
        message = session.execute(own).one_or_none()
        if message is not None:
            status, reason = str(message.status), message.error or ""
        else:
            status, reason = "", why_not(_case(session, settings, person, alert, choice, channel))
        yield Told(alert.id, slug, alert.name, channel, alert.laid_out_at, status, reason)


def _case(
    session: Session, settings: Settings, person: Subscriber, alert: Alert, choice: Choice, channel: Channel
) -> Case:
    key = person.key_of(channel)
    frozen = edition_of(session, alert)
    available = frozen.languages_for(channel)
    reads = pick_language(person.language, available) is not None
    window, now = hours_for(channel, settings), session.scalars(select(db_now())).one()
    return Case(
        laid_out_at=alert.laid_out_at,
        closed=alert.state is AlertState.CLOSED,
        chosen=channel in choice.channels,
        has_address=key is not None,
        **_standing(session, person.id, choice.lists, channel, key),
        suppressed=str((key and suppressed_for(session, channel, key)) or ""),
        meant=_meant(session, person.id, choice),
        acted=_acted(session, settings, person.id, frozen.slug, choice, alert.id, alert.laid_out_at),
        acted_since=_acted(session, settings, person.id, frozen.slug, choice, alert.id, None),
        reads=reads or (choice.fallback and frozen.default_language in available),
        language=person.language,
        hours=channel is Channel.EMAIL or next_open(now, person.quiet_zones, window) is not None,
        shared=_had(session, alert.id, channel, key),
        limit=choice.limit,
    )


def _standing(
    session: Session, person_id: int, slugs: Sequence[str], channel: Channel, key: bytes | None
) -> dict[str, Any]:
    """Of the alert's lists: since when the person is on one, or when they left the last."""
    held = session.execute(
        select(Subscription.joined_at, Subscription.left_at, Subscription.address_key)
        .join(List, List.id == Subscription.list_id)
        .where(Subscription.subscriber_id == person_id, Subscription.channel == channel)
        .where(List.slug.in_(slugs))
    ).all()
    current = [one for one in held if one.left_at is None]
    left = [one.left_at for one in held if one.left_at is not None]
    return {
        "joined_at": min((one.joined_at for one in current or held), default=None),
        "left_at": max(left) if left and not current else None,
        "same_address": not current or any(one.address_key == key for one in current),
    }


def _meant(session: Session, person_id: int, choice: Choice) -> bool:
    within = [condition(session, segment) for segment in choice.segments]
    but_not = [condition(session, segment) for segment in choice.exceptions]
    query = select(Subscriber.id).where(Subscriber.id == person_id)
    if within:
        query = query.where(or_(*within))
    if but_not:
        query = query.where(~and_(*but_not))
    return session.scalar(query) is not None


def _acted(
    session: Session,
    settings: Settings,
    person_id: int,
    slug: str,
    choice: Choice,
    alert_id: int,
    noted_by: datetime | None,
) -> bool:
    """Whether acts that were known by then, or are today, leave the person out."""
    acted = have_acted(session, settings, slug, choice, alert_id=alert_id, noted_by=noted_by)
    query = select(Subscriber.id).where(Subscriber.id == person_id)
    return acted is not None and session.scalar(query.where(acted)) is not None


def _had(session: Session, alert_id: int, channel: Channel, key: bytes | None) -> bool:
    same = (Message.alert_id == alert_id, Message.channel == channel, Message.address_key == key)
    return session.scalar(select(Message.id).where(*same)) is not None


def _lists_of(session: Session, person: Subscriber) -> set[str]:
    mine = select(List.slug).join(Subscription, Subscription.list_id == List.id)
    return set(session.scalars(mine.where(Subscription.subscriber_id == person.id)))
