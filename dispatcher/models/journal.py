"""The journal as the database has it; a copy of it is kept outside (dispatcher.journal)."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import Base


class JournalEntry(Base):
    """One transaction's facts, as JSON (rules.journal). Append-only, but for old pulses."""

    __tablename__ = "journal_entries"
    __table_args__ = (Index(None, "at"),)

    mark: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)  # random: never given out again
    at: Mapped[datetime] = mapped_column(default=db_now())
    host: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)


class JournalAhead(Base):
    """A host's journal that knows more than this database: nothing is sent until it is replayed."""

    __tablename__ = "journals_ahead"

    host: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(300))  # where somebody saw its file
    noticed_at: Mapped[datetime] = mapped_column(default=db_now())
