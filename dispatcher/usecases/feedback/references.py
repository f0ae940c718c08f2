"""Our own mark on a message, and whether one that came back is genuine."""

import hmac

from dispatcher.keyring import Keyring
from dispatcher.models import Message, Notice
from dispatcher.rules.notices import NOTICE_NUMBERS
from dispatcher.rules.references import reference_of, reference_of_notice

NOTICES_SALT = "message-id of notices"


def message_reference(keys: Keyring, message: Message) -> str:
    """The reference that a message went out with: its Message-ID without the domain."""
    return reference_of(message.id, alert_salt(keys, message.alert_id))


def alert_salt(keys: Keyring, alert_id: int) -> bytes:
    """The secret by which an alert's references are made."""
    return keys.address_key(f"message-id {alert_id}")


def is_genuine(reference: str, number: int, salt: bytes) -> bool:
    """Whether a whole reference is the one of this message: nobody can make it up."""
    return hmac.compare_digest(reference_of(number, salt).encode(), reference.encode())


def is_notices_own(keys: Keyring, reference: str, notice: Notice) -> bool:
    """The same of a notice."""
    number, made_at = NOTICE_NUMBERS + notice.id, notice.created_at.isoformat()
    whole = reference_of_notice(number, made_at, keys.address_key(NOTICES_SALT))
    return hmac.compare_digest(whole.encode(), reference.encode())
