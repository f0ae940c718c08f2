"""Subscribers and the lists they join."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, SealedText, db_now
from dispatcher.models.base import AddressKey, Base, BigId
from dispatcher.rules.alert import Channel


class Subscriber(Base):
    """A person with an email address, a phone number, or both.

    Addresses and names are encrypted; the keys beside them (Keyring.address_key) are what queries use.
    A phone may be shared by a family, an email address may not.
    """

    __tablename__ = "subscribers"
    __table_args__ = (
        Index(None, "phone_key"),
        # Segments ask for the beginnings of codes, `606*`, and count languages, from the index alone.
        Index(None, "postal_code", "language", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str | None] = mapped_column(EncryptedText("subscribers.email"))
    email_key: Mapped[bytes | None] = mapped_column(AddressKey, unique=True)
    email_domain: Mapped[str | None] = mapped_column(String(255))  # in the clear: lanes and limits need it
    phone: Mapped[str | None] = mapped_column(EncryptedText("subscribers.phone"))
    phone_key: Mapped[bytes | None] = mapped_column(AddressKey)
    first_name: Mapped[str | None] = mapped_column(EncryptedText("subscribers.first_name"))
    last_name: Mapped[str | None] = mapped_column(EncryptedText("subscribers.last_name"))
    # JSON of the columns that an import kept.
    attributes: Mapped[str | None] = mapped_column(EncryptedText("subscribers.attributes"))
    language: Mapped[str] = mapped_column(String(35), default="en")  # BCP 47
    time_zone: Mapped[str | None] = mapped_column(String(64))  # as the person said it: an IANA name
    # rules.hours: the zones whose hours a text respects.
    quiet_zones: Mapped[str | None] = mapped_column(String(255))
    postal_code: Mapped[str | None] = mapped_column(String(16))
    # The import that added the person.
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"))
    created_at: Mapped[datetime] = mapped_column(default=db_now())
    updated_at: Mapped[datetime] = mapped_column(default=db_now(), onupdate=db_now())

    def address_of(self, channel: Channel) -> str | None:
        """Where this channel reaches the person."""
        return self.email if channel is Channel.EMAIL else self.phone

    def key_of(self, channel: Channel) -> bytes | None:
        """What stands for that address in queries."""
        return self.email_key if channel is Channel.EMAIL else self.phone_key


def address_key(channel: Channel) -> ColumnElement[bytes | None]:
    """The column that stands for a subscriber's address on this channel."""
    return (Subscriber.email_key if channel is Channel.EMAIL else Subscriber.phone_key).expression


class List(Base):
    """What a subscriber joins. Only `public_name` leaves the house; a sensitive list's slug never does.

    A stolen database tells neither: subscriptions name a list by its number.
    """

    __tablename__ = "lists"
    __table_args__ = ({"sqlite_autoincrement": True},)  # links in old messages name lists by number

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(SealedText("lists.slug", room=128), unique=True)
    public_name: Mapped[str] = mapped_column(SealedText("lists.public_name", room=256))
    sensitive: Mapped[bool] = mapped_column(default=False)
    # Whether people may join by themselves, on our pages.
    open: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=db_now())
