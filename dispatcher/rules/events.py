"""What providers, mailboxes and people tell us about messages, in one vocabulary."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What has happened. Only HARD_BOUNCE says that an address is dead."""

    ACCEPTED = "accepted"  # the provider has it
    DELIVERED = "delivered"  # the recipient's server, or phone, has it
    DEFERRED = "deferred"  # not yet; the provider goes on trying
    SOFT_BOUNCE = "soft_bounce"  # given up, and not for ever: full, away, too big, temporary
    HARD_BOUNCE = "hard_bounce"  # the address is dead
    BLOCKED = "blocked"  # it is us: policy, reputation, authentication
    FAILED = "failed"  # this message only; the provider refused it before it left
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OPENED = "opened"
    CLICKED = "clicked"
    AUTO_REPLY = "auto_reply"
    REPLY = "reply"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that has happened to one message, or to one address."""

    kind: EventKind
    provider: str  # "ses", "sendgrid", "mailgun", "postmark", "resend", "twilio", "mailbox"
    event_id: str  # the provider's own, for idempotency; else a hash of what identifies it
    at: datetime | None  # UTC, the provider's word
    reference: str = ""  # ours: `{message id}.{opaque}` of the Message-ID, of what came back, or of VERP
    provider_ref: str = ""  # their id of the message
    recipient: str = field(repr=False, default="")  # only to find the message or to suppress; never logged
    code: str = ""  # "5.1.1", "550", "30005"
    words: str = field(repr=False, default="")  # the server's own, as given: rules.redaction before storing
