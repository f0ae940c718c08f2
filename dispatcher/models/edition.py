"""An edition: one frozen version of an alert's content. Workers read this, never campaign files."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import Base


class Edition(Base):
    """`content` is content.edition.Frozen as JSON; `number` counts from 1 within its alert."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("alert_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    number: Mapped[int]
    # Of the sources: tells whether the files have changed since; and to whoever has the files which they are.
    sha256: Mapped[str] = mapped_column(SealedText("editions.sha256", room=65))
    content: Mapped[str] = mapped_column(SealedText("editions.content", room=16 * 1024))
    created_at: Mapped[datetime] = mapped_column(default=db_now())
