"""One person: what they are on, and whether we may write to them. Never their address or name.

Who is on sensitive lists alone isn't here, for a key that may not know of those: "known, and on nothing"
would say as much. Nor is an address there that only such a list is told by.
"""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dispatcher.errors import UnknownSubscriber
from dispatcher.models import List, Subscriber, Subscription, Suppression
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel


def person_seen(session: Session, number: int, *, named: bool) -> dict[str, Any]:
    """By number. Raises UnknownSubscriber."""
    query = select(Subscriber).where(Subscriber.id == number)
    person = session.scalar(query if named else query.where(_openly_on_a_list()))
    if person is None:
        raise UnknownSubscriber
    return _seen(session, person, named=named)


def people_with(session: Session, channel: Channel, key: bytes, *, named: bool) -> list[dict[str, Any]]:
    """Whoever has this address: several where a family shares a phone."""
    query = select(Subscriber).where(address_key(channel) == key).order_by(Subscriber.id)
    if not named:
        query = query.where(_openly_on_a_list(Subscription.channel == channel))
    return [_seen(session, person, named=named) for person in session.scalars(query)]


def _openly_on_a_list(*of: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL over Subscriber: whether they are, or were, on a list that isn't sensitive."""
    theirs = select(Subscription.list_id).join(List).where(Subscription.subscriber_id == Subscriber.id, *of)
    return theirs.where(List.sensitive.is_(False)).exists()


def _seen(session: Session, person: Subscriber, *, named: bool) -> dict[str, Any]:
    of_person = select(Subscription).join(List).where(Subscription.subscriber_id == person.id)
    if not named:  # who is on such a list is what it keeps to itself
        of_person = of_person.where(List.sensitive.is_(False))
    subscriptions = session.scalars(of_person.order_by(Subscription.list_id, Subscription.channel)).all()
    channels = Channel if named else {one.channel for one in subscriptions}
    return {
        "subscriber": person.id,
        "language": person.language,
        "created_at": person.created_at.isoformat(),
        "channels": {
            str(channel): {"suppressed": _suppressed(session, channel, key)}
            for channel in Channel
            if channel in channels and (key := person.key_of(channel))
        },
        "subscriptions": [
            {
                "list": one.list_id,
                "channel": str(one.channel),
                "joined_at": one.joined_at.isoformat(),
                "left_at": one.left_at.isoformat() if one.left_at else None,
                "current": one.address_key == person.key_of(one.channel),
            }
            for one in subscriptions
        ],
    }


def _suppressed(session: Session, channel: Channel, key: bytes) -> str | None:
    same = (Suppression.channel == channel, Suppression.address_key == key)
    reason = session.scalar(select(Suppression.reason).where(*same))
    return str(reason) if reason else None
