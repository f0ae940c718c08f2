"""Find the people whom staff mean: by id, email address or phone number."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.errors import InvalidAddress, UnknownSubscriber
from dispatcher.keyring import Keyring
from dispatcher.models import Subscriber
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel

_SHORTEST_PHONE = 10  # digits; fewer are an id


def find_subscriber(session: Session, keys: Keyring, who: str) -> Subscriber:
    """One subscriber; of a family that shares a phone the one who came first.

    Raises UnknownSubscriber, or InvalidAddress when `who` is neither an id nor an address.
    """
    return find_subscribers(session, keys, who)[0]


def find_subscribers(session: Session, keys: Keyring, who: str) -> list[Subscriber]:
    """Everybody who is meant: one person, or all who share a phone, in the order in which they came.

    Raises UnknownSubscriber, or InvalidAddress when `who` is neither an id nor an address.
    """
    query = select(Subscriber).order_by(Subscriber.id)
    if is_id(who):
        query = query.where(Subscriber.id == int(who))
    else:
        channel, key = address_key_of(keys, who)
        query = query.where(address_key(channel) == key)
    found = list(session.scalars(query))
    if not found:
        raise UnknownSubscriber
    return found


def is_id(who: str) -> bool:
    """Whether it is a subscriber's number rather than a phone's."""
    return who.strip().isdecimal() and len(who.strip()) < _SHORTEST_PHONE


def address_key_of(keys: Keyring, address: str) -> tuple[Channel, bytes]:
    """The channel of an address that staff typed, and the key that stands for it. Raises InvalidAddress."""
    if "@" in address:
        return Channel.EMAIL, keys.address_key(parse_email(address).normalised)
    if not any(char.isdigit() for char in address):
        raise InvalidAddress(problem="That is neither an email address nor a phone number.")
    return Channel.SMS, keys.address_key(parse_phone(address).e164)
