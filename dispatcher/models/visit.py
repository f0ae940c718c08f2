"""Who opened the links of our messages: counts by day, and, where no list is sensitive, the message."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.models.base import Base, BigId, stored_enum
from dispatcher.rules.visits import Visitor


class LinkCount(Base):
    """How often a link was opened on one day (UTC). It says nothing of a person: it is kept."""

    __tablename__ = "link_counts"

    link_id: Mapped[int] = mapped_column(BigId, ForeignKey("short_links.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    visitor: Mapped[Visitor] = mapped_column(stored_enum(Visitor), primary_key=True)
    count: Mapped[int]


class Visit(Base):
    """A message's link was opened, first at `at`. Goes with its message."""

    __tablename__ = "visits"
    __table_args__ = (Index(None, "link_id"),)

    message_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    link_id: Mapped[int] = mapped_column(BigId, ForeignKey("short_links.id"), primary_key=True)
    visitor: Mapped[Visitor] = mapped_column(stored_enum(Visitor))
    at: Mapped[datetime]
