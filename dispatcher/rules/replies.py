"""What people write to us: how far it is, and how long it is kept."""

from datetime import timedelta
from enum import StrEnum

REPLIES_KEPT = timedelta(days=30)  # with our answers


class ReplyState(StrEnum):
    """How far a reply is."""

    OPEN = "open"  # somebody should look
    ANSWERED = "answered"
    CLOSED = "closed"  # nothing more is to be done
