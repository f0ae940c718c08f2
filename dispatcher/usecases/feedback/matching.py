"""Find what events are about: a message, a notice, or an address that we know; nothing is believed unproved.

A whole reference proves itself: its second half is a secret of the message's alert, and went to the recipient
alone. Twilio's may be the number alone, for its address is covered by Twilio's signature. Without a reference
an event finds its message by the provider's own id, among the recipient's messages.

What calls tell of an address is believed without any message, for a call's signature was looked at: the
provider won't deliver there any more, whoever wrote. A mail proves nothing: without our reference it is about
nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.keyring import Keyring
from dispatcher.models import DeliveryLogEntry, Message, Notice, ProviderEvent, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.feedback import Outcome
from dispatcher.rules.moves import Status
from dispatcher.rules.notices import NOTICE_NUMBERS
from dispatcher.rules.references import TEST_NUMBERS, message_of
from dispatcher.usecases.bulk import one_of
from dispatcher.usecases.feedback.references import alert_salt, is_genuine, is_notices_own
from dispatcher.usecases.feedback.taking import channel_of

MAILBOX = "mailbox"  # the provider of events that came by mail
TWILIO = "twilio"

_KEYS: Mapping[Channel, InstrumentedAttribute[bytes | None]] = {
    Channel.EMAIL: Subscriber.email_key,
    Channel.SMS: Subscriber.phone_key,
}


@dataclass(frozen=True, slots=True)
class Target:
    """What an event is about. Without an address nobody bears any consequence."""

    channel: Channel
    address_key: bytes | None = None
    message: Message | None = None
    unknown: Outcome | None = None  # why there is no message; None: there is one, or there was none to find


def find_targets(session: Session, keys: Keyring, events: Sequence[ProviderEvent]) -> dict[int, Target]:
    """Of each event, by its id, what it is about. The messages' rows stay locked until the commit."""
    numbers = {event.id: _number(event) for event in events}
    numbers |= _numbers_by_provider_ref(session, [event for event in events if not event.reference])
    wanted = sorted({number for number in numbers.values() if number is not None})
    messages = _messages(session, [number for number in wanted if number < TEST_NUMBERS])
    notices = _notices(session, [number for number in wanted if number >= NOTICE_NUMBERS])
    highest = _highest(session) if any(n not in messages for n in wanted if n < TEST_NUMBERS) else 0
    targets = {
        event.id: _target(keys, event, numbers[event.id], messages, notices, highest) for event in events
    }
    return targets | _known_addresses(session, events, targets)


def attempts_of(session: Session, messages: Iterable[Message]) -> dict[int, dict[str, int]]:
    """Of messages that were handed over more than once, or wait to be: provider's id -> the attempt that got
    it, as far as the log knows.
    """
    again = [m.id for m in messages if m.attempt > (0 if m.status is Status.QUEUED else 1)]
    known: dict[int, dict[str, int]] = {}
    if again:
        log = (
            select(DeliveryLogEntry.message_id, DeliveryLogEntry.provider_ref, DeliveryLogEntry.attempt)
            .where(one_of(session, DeliveryLogEntry.message_id, again))
            .where(DeliveryLogEntry.provider_ref.is_not(None))
            .order_by(DeliveryLogEntry.attempt.desc())
        )
        for number, ref, attempt in session.execute(log):
            known.setdefault(number, {})[ref or ""] = attempt
    return known


def _number(event: ProviderEvent) -> int | None:
    return message_of(event.reference) if event.reference else None


def _numbers_by_provider_ref(session: Session, events: Sequence[ProviderEvent]) -> dict[int, int | None]:
    """Of events without our reference: the recipient's message that the provider gave this id."""
    found: dict[int, int | None] = {}
    for channel, key in _KEYS.items():
        asking = {
            event.id: (event.provider_ref, bytes(event.address_key))
            for event in events
            if event.provider_ref and event.address_key and channel_of(event.provider) is channel
        }
        if not asking:
            continue
        rows = session.execute(
            select(Message.provider_ref, Message.address_key, Message.id)
            .join(Subscriber, Subscriber.id == Message.subscriber_id)
            .where(one_of(session, key, {address for _, address in asking.values()}))
            .where(Message.channel == channel, Message.provider_ref.in_({ref for ref, _ in asking.values()}))
        )
        by_ref = {(ref, bytes(address)): number for ref, address, number in rows}
        found |= {event_id: by_ref[both] for event_id, both in asking.items() if both in by_ref}
    return found


def _messages(session: Session, ids: Sequence[int]) -> dict[int, Message]:
    """Locked in id order, as everybody locks them."""
    if not ids:
        return {}
    some = select(Message).where(one_of(session, Message.id, ids)).order_by(Message.id)
    return {message.id: message for message in session.scalars(some.with_for_update())}


def _notices(session: Session, numbers: Sequence[int]) -> dict[int, Notice]:
    ids = [number - NOTICE_NUMBERS for number in numbers]
    some = select(Notice).where(Notice.id.in_(ids))
    return {NOTICE_NUMBERS + one.id: one for one in session.scalars(some)} if ids else {}


def _highest(session: Session) -> int:
    return session.scalar(select(func.max(Message.id))) or 0


def _target(
    keys: Keyring,
    event: ProviderEvent,
    number: int | None,
    messages: Mapping[int, Message],
    notices: Mapping[int, Notice],
    highest: int,
) -> Target:
    channel = channel_of(event.provider)
    told = None if event.provider == MAILBOX else event.address_key
    if number is None:
        return Target(channel, told, unknown=Outcome.ORPHAN)
    if TEST_NUMBERS <= number < NOTICE_NUMBERS:  # tests and alarms go to staff
        return Target(channel)
    found = messages.get(number) or notices.get(number)
    if found is None:
        kept_once = number >= NOTICE_NUMBERS or number <= highest
        return Target(channel, told, unknown=Outcome.GONE if kept_once else Outcome.ORPHAN)
    if not _agrees(keys, event, number, found):
        return Target(channel, told, unknown=Outcome.ORPHAN)
    return Target(channel, found.address_key, found if isinstance(found, Message) else None)


def _agrees(keys: Keyring, event: ProviderEvent, number: int, found: Message | Notice) -> bool:
    """Whether an event is about what its reference, or the provider's id, has found."""
    if found.channel is not channel_of(event.provider):
        return False
    if event.reference.isdecimal() and event.provider != TWILIO:
        return False
    if event.reference and not event.reference.isdecimal():
        if isinstance(found, Notice):
            genuine = is_notices_own(keys, event.reference, found)
        else:
            genuine = is_genuine(event.reference, number, alert_salt(keys, found.alert_id))
        if not genuine:
            return False
        if event.provider == MAILBOX:  # which names the mailbox at the end, where mail is forwarded
            return True
    return event.address_key in (None, found.address_key)


def _known_addresses(
    session: Session, events: Sequence[ProviderEvent], targets: Mapping[int, Target]
) -> dict[int, Target]:
    """Of events whose message isn't here: the address doesn't count either, unless it is somebody's here."""
    strangers: dict[int, Target] = {}
    for channel, key in _KEYS.items():
        told = {
            event.id: bytes(target.address_key)
            for event in events
            if (target := targets[event.id]).unknown and target.address_key and target.channel is channel
        }
        if not told:
            continue
        of_people = select(key).where(one_of(session, key, set(told.values())))
        known = {bytes(address) for address in session.scalars(of_people) if address}
        strangers |= {
            event_id: Target(channel, unknown=targets[event_id].unknown)
            for event_id, address in told.items()
            if address not in known
        }
    return strangers
