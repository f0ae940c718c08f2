"""Forget a person: only keyed hashes of their addresses are left, so that no import brings them back."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from dispatcher.errors import SharedPhone, UnknownSubscriber
from dispatcher.keyring import Keyring
from dispatcher.models import SignOff, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.journal import Forgotten as ForgottenFact
from dispatcher.usecases.audit import note_act
from dispatcher.usecases.find_subscriber import address_key_of, find_subscribers, is_id
from dispatcher.usecases.hold import forget_afterwards, in_force
from dispatcher.usecases.journal.noting import note
from dispatcher.usecases.leave import leave
from dispatcher.usecases.notices.queueing import withdraw_notices
from dispatcher.usecases.sign_offs import SOMEBODY
from dispatcher.usecases.suppress import suppress
from dispatcher.usecases.traces import NOBODY, erase_traces

_SOURCE = "forgotten"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whether there was such a person, and whether their phone goes on being somebody else's.

    `held`: nothing is sent to them any more, but a legal hold keeps what is here until it ends.
    """

    subscriber_id: int | None
    phone_shared: bool = False
    held: bool = False


def forget(session: Session, keys: Keyring, who: str, *, reason: str = "") -> Forgotten:
    """Forget the person of this id or address. Their addresses are kept out for good, by keyed hash alone.

    A phone that somebody else here shares stays theirs. An address of nobody here is kept out all the same.
    `reason` is who asked for it, for the record of staff's acts. Raises SharedPhone when a phone doesn't say
    who is meant, UnknownSubscriber for an id, or InvalidAddress.
    """
    try:
        people = find_subscribers(session, keys, who)
    except UnknownSubscriber:
        if is_id(who):
            raise
        channel, key = address_key_of(keys, who)
        keep_out(session, channel, key)
        if not in_force(session):
            erase_traces(session, NOBODY, [key])  # a sign-up that waits to be confirmed
        return Forgotten(None)
    if len(people) > 1:
        raise SharedPhone(number=len(people), ids=", ".join(str(one.id) for one in people))
    person = people[0]
    shared = _shares_phone(session, person)
    for channel, key in _own_addresses(person, shared=shared).items():
        keep_out(session, channel, key)
    held = in_force(session)
    note_act(session, "forget", f"subscriber {person.id}{', after the hold' if held else ''}", reason)
    if held:
        forget_afterwards(session, person.id)
    else:
        erase(session, person)
    return Forgotten(person.id, shared, held)


def erase(session: Session, person: Subscriber) -> None:
    """Delete what is here of a person whose addresses are kept out already."""
    own = _own_addresses(person, shared=_shares_phone(session, person)).values()
    erase_traces(session, person.id, own)
    session.execute(
        update(SignOff)
        .where(SignOff.address_key.in_(list(own)))
        .values(address_key=None, reader=SOMEBODY)
        .execution_options(synchronize_session=False)
    )
    note(session, ForgottenFact(person.id, person.created_at.isoformat()))
    # By statement, not by object: the database empties messages.subscriber_id and drops subscriptions itself.
    session.execute(delete(Subscriber).where(Subscriber.id == person.id))


def _own_addresses(person: Subscriber, *, shared: bool) -> dict[Channel, bytes]:
    """Their addresses by channel, without a phone that is somebody else's too."""
    keys = {Channel.EMAIL: person.email_key, Channel.SMS: None if shared else person.phone_key}
    return {channel: key for channel, key in keys.items() if key is not None}


def keep_out(session: Session, channel: Channel, key: bytes) -> None:
    """Keep an address out for good: by keyed hash alone, as `forget` leaves it."""
    leave(session, channel, key, _SOURCE)
    withdraw_notices(session, channel, key)
    suppress(session, channel, key, SuppressionReason.FORGOTTEN, _SOURCE)


def _shares_phone(session: Session, person: Subscriber) -> bool:
    if person.phone_key is None:
        return False
    others = exists().where(Subscriber.phone_key == person.phone_key, Subscriber.id != person.id)
    return bool(session.scalar(select(others)))
