"""What providers and mailboxes told us, as it was taken in: applied by workers, in batches, soon after."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import AddressKey, Base, BigId, partial_index, stored_enum
from dispatcher.rules.events import EventKind
from dispatcher.rules.feedback import Outcome


class ProviderEvent(Base):
    """One event, once, however often it is told. Without any address: the recipient is a keyed hash.

    Of a message that isn't known (yet) it is an orphan: it is tried again for some days, then left as one.
    """

    __tablename__ = "provider_events"
    __table_args__ = (
        UniqueConstraint("provider", "event_key"),
        # What is to be applied, or to be tried again. What is done leaves the index.
        partial_index("ix_provider_events_open", "next_try_at", where="next_try_at IS NOT NULL"),
        Index(None, "taken_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    # Of the provider's own id: half of its SHA-256 (ids have any length, and some hold an address).
    event_key: Mapped[bytes] = mapped_column(AddressKey)
    kind: Mapped[EventKind] = mapped_column(stored_enum(EventKind))
    reference: Mapped[str] = mapped_column(String(40), default="")  # ours; Twilio's may be the number alone
    provider_ref: Mapped[str] = mapped_column(String(255), default="")
    address_key: Mapped[bytes | None] = mapped_column(AddressKey)
    code: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(String(500), default="")  # the server's, addresses taken out
    told_at: Mapped[datetime | None]  # when it happened, by the provider's clock
    taken_at: Mapped[datetime] = mapped_column(default=db_now())
    next_try_at: Mapped[datetime | None] = mapped_column(default=db_now())
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Outcome | None] = mapped_column(stored_enum(Outcome))
    message_id: Mapped[int | None] = mapped_column(BigId)  # no foreign key: it outlives the message
