"""Act on what came back by mail: dead addresses, complaints and opt-outs, each by the message it is about.

Anybody can write a bounce. So one counts only with our own word in it, which went to the recipient alone:
the whole reference of a message, or the signed token of a link for leaving. What a mail says of any other
address is looked at by nobody.
"""

import hmac
from enum import StrEnum

from sqlalchemy.orm import Session

from dispatcher.bounces.verp import leave_token
from dispatcher.errors import BadToken
from dispatcher.keyring import Keyring
from dispatcher.models import Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.moves import Status
from dispatcher.rules.references import message_of, reference_of
from dispatcher.tokens import Signer
from dispatcher.usecases.leave import leave, leave_by_link
from dispatcher.usecases.moves import move_all
from dispatcher.usecases.suppress import suppress

SOURCE = "mail that came back"  # as suppressions and the ledger have it

_ENDS = {
    EventKind.HARD_BOUNCE: (Status.BOUNCED, SuppressionReason.BOUNCED),
    EventKind.COMPLAINED: (Status.COMPLAINED, SuppressionReason.COMPLAINED),
}


class Done(StrEnum):
    """What came of one event."""

    SUPPRESSED = "suppressed"
    LEFT = "left"
    KNOWN = "known"  # the same was said before
    NOTED = "noted"  # an event that changes nothing
    ORPHAN = "orphan"  # it has consequences, and is about no message of ours


def message_reference(keys: Keyring, message: Message) -> str:
    """The reference that a message went out with: its Message-ID without the domain."""
    return reference_of(message.id, keys.address_key(f"message-id {message.alert_id}"))


def apply_bounce(session: Session, keys: Keyring, signer: Signer, event: Event) -> Done:
    """Suppress or take off the address of the message that an event is about; late and repeated events do
    no harm."""
    token = leave_token(event.reference)
    if event.kind is EventKind.UNSUBSCRIBED and token:
        return _leave_by_mail(session, signer, token)
    if event.kind not in {*_ENDS, EventKind.UNSUBSCRIBED}:
        return Done.NOTED
    message = _message(session, keys, event.reference)
    if message is None:
        return Done.ORPHAN
    if event.kind is EventKind.UNSUBSCRIBED:
        lists = leave(
            session, message.channel, message.address_key, SOURCE, subscriber_id=message.subscriber_id
        )
        return Done.LEFT if lists else Done.KNOWN
    status, reason = _ENDS[event.kind]
    move_all(session, message.alert_id, status, Message.id == message.id, error=event.code or None)
    new = suppress(session, message.channel, message.address_key, reason, SOURCE)
    return Done.SUPPRESSED if new else Done.KNOWN


def _leave_by_mail(session: Session, signer: Signer, token: str) -> Done:
    try:
        leave_by_link(session, signer.read_leave_token(token), SOURCE)
    except BadToken:
        return Done.ORPHAN
    return Done.LEFT


def _message(session: Session, keys: Keyring, reference: str) -> Message | None:
    """The email that a reference names, if it is that email's own."""
    number = message_of(reference)
    message = session.get(Message, number) if number is not None else None
    if message is None or message.channel is not Channel.EMAIL:
        return None
    return message if hmac.compare_digest(message_reference(keys, message), reference) else None
