"""`/m/{token}`: a fresh link to one person's choices, and asking for one.

It names the person, the channel that it was sent by, and a part of that address's key: once the address is
somebody else's, or the person has another, it opens nothing. It is good for a day.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.errors import BadToken
from dispatcher.keyring import Keyring
from dispatcher.models import Subscriber
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Kind, Signer, varint, varints
from dispatcher.usecases.find_subscriber import address_key_of
from dispatcher.usecases.notices.queueing import queue_notice

MANAGE_PATH = "/m/"  # then the token
VALID_FOR = timedelta(hours=24)
NOTICE = "manage"
_CHANNELS = (Channel.EMAIL, Channel.SMS)  # a channel is its place here
_PROOF_BYTES = 8


@dataclass(frozen=True, slots=True)
class ManageToken:
    """Whose choices, and where the link was sent."""

    subscriber_id: int
    channel: Channel
    proof: bytes = field(repr=False)


def manage_url(signer: Signer, public_url: str, person: Subscriber, channel: Channel, now: datetime) -> str:
    """A link for this person that is about to be sent to their address of this channel."""
    key = person.key_of(channel)
    assert key is not None  # it was found by it
    expires = int((now + VALID_FOR).timestamp())
    numbers = (_CHANNELS.index(channel), person.id, expires)
    token = signer.sealed(Kind.MANAGE, b"".join(map(varint, numbers)) + key[:_PROOF_BYTES])
    return f"{public_url}{MANAGE_PATH}{token}"


def read_manage_token(signer: Signer, text: str, now: datetime) -> ManageToken:
    """What the link was made with; BadToken when it is forged, cut off, of another kind, or too old."""
    payload = signer.opened(Kind.MANAGE, text)
    channel, subscriber_id, expires = varints(payload[:-_PROOF_BYTES])
    if now.timestamp() >= expires:
        raise BadToken
    return ManageToken(subscriber_id, _CHANNELS[channel], payload[-_PROOF_BYTES:])


def opened_by(session: Session, token: ManageToken) -> Subscriber:
    """The person whose choices a link opens; BadToken when the address isn't theirs any more."""
    person = session.get(Subscriber, token.subscriber_id)
    key = None if person is None else person.key_of(token.channel)
    if person is None or key is None or not hmac.compare_digest(key[:_PROOF_BYTES], token.proof):
        raise BadToken
    return person


def send_link(
    session: Session, keys: Keyring, signer: Signer, public_url: str, address: str, now: datetime
) -> None:
    """Send a fresh link to this address, if it is anybody's here; nobody is told whether it is.

    Of a family that shares a phone the link is the first one's: it changes what the number gets. Raises
    InvalidAddress when it is no address at all.
    """
    channel, key = address_key_of(keys, address)
    person = session.scalars(
        select(Subscriber).where(address_key(channel) == key).order_by(Subscriber.id)
    ).first()
    if person is not None:
        _send(session, keys, signer, public_url, person, channel, now)


def send_link_to(
    session: Session,
    keys: Keyring,
    signer: Signer,
    public_url: str,
    subscriber_id: int,
    channel: Channel,
    now: datetime,
) -> None:
    """Send a fresh link to the person of an older one, at the address that they have today."""
    person = session.get(Subscriber, subscriber_id)
    if person is not None and person.key_of(channel) is not None:
        _send(session, keys, signer, public_url, person, channel, now)


def _send(
    session: Session,
    keys: Keyring,
    signer: Signer,
    public_url: str,
    person: Subscriber,
    channel: Channel,
    now: datetime,
) -> None:
    address = person.address_of(channel)
    assert address is not None  # its key is there
    queue_notice(
        session,
        keys,
        channel=channel,
        address=address,
        kind=NOTICE,
        language=person.language,
        facts={"link": manage_url(signer, public_url, person, channel, now)},
        force=True,  # also who gets no emails any more may see and change what we hold
    )
