"""A short link of our own domain: carriers filter public shorteners, and a long link costs a segment."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import Base, BigId


class ShortLink(Base):
    """Where the action link of one edition leads in one language; of a TEST message the edition is null.

    Its number stands in texts that were sent, so it is never given again. It says nothing of a person.
    """

    __tablename__ = "short_links"
    __table_args__ = (UniqueConstraint("edition_id", "language"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    language: Mapped[str] = mapped_column(String(35))  # which of the edition's languages
    url: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=db_now())
