"""A short link of our own domain: carriers filter public shorteners, and a long link costs a segment."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import Base, BigId, stored_enum
from dispatcher.rules.alert import Channel


class ShortLink(Base):
    """Where one link of an edition leads, in one language of one channel.

    It has no edition in a TEST message, and on our own page. Its number stands in messages that were sent,
    so it is never given again. It says nothing of a person.
    """

    __tablename__ = "short_links"
    __table_args__ = (
        UniqueConstraint("edition_id", "language", "channel", "place"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    language: Mapped[str] = mapped_column(String(35))  # which of the edition's languages
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), default=Channel.SMS)
    place: Mapped[int] = mapped_column(default=0)  # rules.visits: which link of the message it is
    url: Mapped[str] = mapped_column(SealedText("short_links.url", room=256))
    created_at: Mapped[datetime] = mapped_column(default=db_now())
