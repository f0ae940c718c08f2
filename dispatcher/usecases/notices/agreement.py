"""Whether an address may get what isn't asked for: somebody has agreed to messages there, and hasn't left."""

from sqlalchemy import ColumnElement, exists

from dispatcher.models import Subscription
from dispatcher.rules.alert import Channel
from dispatcher.usecases.leave import holders


def has_agreed(channel: Channel, address_key: bytes) -> ColumnElement[bool]:
    """SQL: whether somebody is on a list here, any of them, with this address."""
    return exists().where(
        Subscription.subscriber_id.in_(holders(channel, address_key)),
        Subscription.address_key == address_key,
        Subscription.channel == channel,
        Subscription.left_at.is_(None),
    )
