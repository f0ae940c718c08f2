"""Actions: who did what a campaign asked for. Segments ask it (`acted(daca)`), reports count it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import Base, BigId, stored_enum
from dispatcher.rules.actions import ActionHow


class Action(Base):
    """One act of one person for one campaign. The same act told twice, at the same moment, is one row."""

    __tablename__ = "actions"
    # A segment asks of a campaign whether somebody acted, and since when: the primary key answers alone.
    __table_args__ = (Index(None, "subscriber_id"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(default=db_now(), primary_key=True)
    how: Mapped[ActionHow] = mapped_column(stored_enum(ActionHow), primary_key=True)
