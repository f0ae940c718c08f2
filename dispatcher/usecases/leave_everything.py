"""One person leaves everything: every list on both channels, for good."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.leave import leave
from dispatcher.usecases.notices.queueing import withdraw_notices
from dispatcher.usecases.suppress import suppress

# Who leaves so has said it themselves; a text's STOP is what START undoes, however it was said.
_REASONS = {Channel.EMAIL: SuppressionReason.OPTED_OUT, Channel.SMS: SuppressionReason.STOP}


def leave_everything(session: Session, subscriber_id: int, source: str) -> None:
    """Every address that the person has, or had when they joined, leaves all lists and is suppressed.

    A phone that a family shares gets no more texts: one of them has said so, as with STOP. Nothing happens
    for somebody who isn't here any more.
    """
    person = session.get(Subscriber, subscriber_id)
    if person is None:
        return
    joined = select(Subscription.channel, Subscription.address_key).where(
        Subscription.subscriber_id == subscriber_id
    )
    addresses = {(channel, key) for channel, key in session.execute(joined)}
    current = {Channel.EMAIL: person.email_key, Channel.SMS: person.phone_key}
    addresses |= {(channel, key) for channel, key in current.items() if key is not None}
    for channel, key in sorted(addresses):
        leave_by_address(session, channel, key, source, subscriber_id=subscriber_id)


def leave_by_address(
    session: Session, channel: Channel, key: bytes, source: str, *, subscriber_id: int | None = None
) -> None:
    """One address leaves all lists and is suppressed for the organisation, since its owner has said so; what
    waits for it is withdrawn.
    """
    suppress(session, channel, key, _REASONS[channel], source)
    leave(session, channel, key, source, subscriber_id=subscriber_id)
    withdraw_notices(session, channel, key)
