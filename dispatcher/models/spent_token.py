"""Proofs of calls that can be used once."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import AddressKey, Base


class SpentToken(Base):
    """A proof that covers no body, such as Mailgun's token, and the one thing that it was used to tell.

    By hashes alone. It is needed as long as the proof is fresh, which is less than a day.
    """

    __tablename__ = "spent_tokens"
    __table_args__ = (Index(None, "spent_at"),)

    provider: Mapped[str] = mapped_column(String(16), primary_key=True)
    token_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    told_key: Mapped[bytes] = mapped_column(AddressKey)
    spent_at: Mapped[datetime] = mapped_column(default=db_now())
