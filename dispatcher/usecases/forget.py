"""Forget a person: only keyed hashes of their addresses are left, so that no import brings them back."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from dispatcher.errors import SharedPhone, UnknownSubscriber
from dispatcher.keyring import Keyring
from dispatcher.models import StopTold, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.journal import Forgotten as ForgottenFact
from dispatcher.usecases.find_subscriber import address_key_of, find_subscribers, is_id
from dispatcher.usecases.journal.noting import note
from dispatcher.usecases.leave import leave
from dispatcher.usecases.suppress import suppress

_SOURCE = "forgotten"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whether there was such a person, and whether their phone goes on being somebody else's."""

    subscriber_id: int | None
    phone_shared: bool = False


def forget(session: Session, keys: Keyring, who: str) -> Forgotten:
    """Forget the person of this id or address. Their addresses are kept out for good, by keyed hash alone.

    A phone that somebody else here shares stays theirs. An address of nobody here is kept out all the same.
    Raises SharedPhone when a phone doesn't say who is meant, UnknownSubscriber for an id, or InvalidAddress.
    """
    try:
        people = find_subscribers(session, keys, who)
    except UnknownSubscriber:
        if is_id(who):
            raise
        _keep_out(session, *address_key_of(keys, who))
        return Forgotten(None)
    if len(people) > 1:
        raise SharedPhone(number=len(people), ids=", ".join(str(one.id) for one in people))
    person = people[0]
    shared = person.phone_key is not None and _shares_phone(session, person)
    if person.email_key:
        _keep_out(session, Channel.EMAIL, person.email_key)
    if person.phone_key and not shared:
        _keep_out(session, Channel.SMS, person.phone_key)
        session.execute(delete(StopTold).where(StopTold.address_key == person.phone_key))
    note(session, ForgottenFact(person.id, person.created_at.isoformat()))
    # By statement, not by object: the database empties messages.subscriber_id and drops subscriptions itself.
    session.execute(delete(Subscriber).where(Subscriber.id == person.id))
    return Forgotten(person.id, shared)


def _keep_out(session: Session, channel: Channel, key: bytes) -> None:
    leave(session, channel, key, _SOURCE)
    suppress(session, channel, key, SuppressionReason.FORGOTTEN, _SOURCE)


def _shares_phone(session: Session, person: Subscriber) -> bool:
    others = exists().where(Subscriber.phone_key == person.phone_key, Subscriber.id != person.id)
    return bool(session.scalar(select(others)))
