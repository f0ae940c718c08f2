"""Actions: who did what a campaign asked for. Segments ask it (`acted(daca)`), reports count it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import Base, BigId, stored_enum
from dispatcher.rules.actions import ActionHow, Became


class Action(Base):
    """One act of one person for one campaign. The same act told twice, at the same moment, is one row."""

    __tablename__ = "actions"
    # A segment asks of a campaign whether somebody acted, and since when: the primary key answers alone.
    __table_args__ = (
        Index(None, "subscriber_id"),
        Index(None, "batch_id"),
        Index(None, "noted_at"),  # webhooks follow it
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(default=db_now(), primary_key=True)
    how: Mapped[ActionHow] = mapped_column(stored_enum(ActionHow), primary_key=True)
    noted_at: Mapped[datetime | None] = mapped_column(default=db_now())  # when we learnt of it
    thanked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The file that it was read from.
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("action_batches.id"))


class ActionBatch(Base):
    """One file of acts: what it was and what it did, so that it can be taken back."""

    __tablename__ = "action_batches"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(SealedText("action_batches.file_name", room=256))
    # JSON: rows by what became of them.
    counts: Mapped[str] = mapped_column(SealedText("action_batches.counts", room=256), default="{}")
    created_at: Mapped[datetime] = mapped_column(default=db_now())
    undone_at: Mapped[datetime | None]


class UnplacedAct(Base):
    """How many acts of a day were reported of nobody whom we know: counted, and nothing kept of them."""

    __tablename__ = "unplaced_acts"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    why: Mapped[Became] = mapped_column(stored_enum(Became), primary_key=True)
    count: Mapped[int]
