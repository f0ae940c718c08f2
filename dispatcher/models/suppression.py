"""Addresses that must not be contacted, by keyed hash alone: they outlive the person's own row."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import AddressKey, Base, stored_enum
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason


class Suppression(Base):
    """One address on one channel; looked at again at the intent of every message."""

    __tablename__ = "suppressions"

    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), primary_key=True)
    address_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    reason: Mapped[SuppressionReason] = mapped_column(stored_enum(SuppressionReason))
    source: Mapped[str] = mapped_column(SealedText("suppressions.source", room=32), default="")
    created_at: Mapped[datetime] = mapped_column(default=db_now())
