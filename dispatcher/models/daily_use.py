"""How much has left today, where a day has a limit."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.models.base import Base, stored_enum
from dispatcher.rules.alert import Channel


class DailyUse(Base):
    """One channel's day: it ends at `ends_at`, and the next one begins at nothing.

    Kept here and not in Redis: a flush must not lift a carrier's limit. Its row is locked from an intent to
    its commit, which is why there is one only where a limit is set.
    """

    __tablename__ = "daily_use"

    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), primary_key=True)
    used: Mapped[int] = mapped_column(default=0)  # emails, or segments
    allowed: Mapped[int]  # as the setting was when something last left
    ends_at: Mapped[datetime]
