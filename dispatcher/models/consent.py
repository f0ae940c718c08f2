"""The consent ledger, append-only, and its projection: who is on which list by which channel."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, SealedText, db_now
from dispatcher.models.base import AddressKey, Base, BigId, partial_index, stored_enum
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct


class Disclosure(Base):
    """The exact words that people were shown when they agreed; one row a version."""

    __tablename__ = "disclosures"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(SealedText("disclosures.sha256", room=65), unique=True)
    words: Mapped[str] = mapped_column(SealedText("disclosures.words", room=1024))
    created_at: Mapped[datetime] = mapped_column(default=db_now())


class ConsentEvent(Base):
    """One act: an address agreed to a list on a channel, or took it back. Never updated, never deleted.

    Bound to the address, not to the person: a changed address needs new consent. Forgetting a person leaves
    the keyed hash alone.
    """

    __tablename__ = "consent_events"
    __table_args__ = (
        Index(None, "address_key", "channel", "list_id"),
        Index(None, "batch_id"),
        Index(None, "at"),  # webhooks follow it
        # Who has left since an alert went out: few rows of a long ledger.
        partial_index("ix_consent_events_left", "channel", "at", where="act = 'left'"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int | None] = mapped_column(BigId)  # no foreign key: the ledger outlives the person
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id"))
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    address_key: Mapped[bytes] = mapped_column(AddressKey)
    act: Mapped[ConsentAct] = mapped_column(stored_enum(ConsentAct))
    # Where: "rally 12 May", "one-click", "STOP", an import's words.
    source: Mapped[str] = mapped_column(SealedText("consent_events.source", room=32))
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"))
    language: Mapped[str | None] = mapped_column(String(35))
    # Of the sign-up: "/join/3", or the address of a page on the organisation's own site.
    page: Mapped[str | None] = mapped_column(SealedText("consent_events.page", room=64))
    # Whence a person of no sensitive list signed up. The one thing that is ever erased here: forgetting a
    # person does.
    ip_address: Mapped[str | None] = mapped_column(EncryptedText("consent_events.ip_address"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"))
    at: Mapped[datetime] = mapped_column(default=db_now())


class Subscription(Base):
    """The ledger's newest word for one person, list and channel; `left_at` is set once they have left."""

    __tablename__ = "subscriptions"
    # The audience walks one list and channel in subscriber order: the primary key is in that order.
    __table_args__ = (Index(None, "subscriber_id"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    address_key: Mapped[bytes] = mapped_column(AddressKey)  # the address that agreed; another one has not
    joined_at: Mapped[datetime] = mapped_column(default=db_now())
    left_at: Mapped[datetime | None]


class ImportBatch(Base):
    """One import: what it was and what it did, so that it can be taken back."""

    __tablename__ = "import_batches"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(SealedText("import_batches.file_name", room=256))
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id"))
    source: Mapped[str] = mapped_column(SealedText("import_batches.source", room=256))
    # JSON of the report's counts.
    counts: Mapped[str] = mapped_column(SealedText("import_batches.counts", room=256), default="{}")
    created_at: Mapped[datetime] = mapped_column(default=db_now())
    undone_at: Mapped[datetime | None]
