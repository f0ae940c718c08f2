"""Strikes: days on which an address could not be reached, and wasn't dead either."""

from datetime import date, datetime

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import AddressKey, Base, stored_enum
from dispatcher.rules.alert import Channel


class Strike(Base):
    """One day of one address, however often it failed then. Whatever arrives clears them.

    They go after a month (rules.feedback.STRIKES_WITHIN), and when the address is given up for them: whoever
    lifts that begins anew.
    """

    __tablename__ = "strikes"

    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), primary_key=True)
    address_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)  # UTC
    at: Mapped[datetime] = mapped_column(default=db_now())


class StrikesRead(Base):
    """How far the delivery log has been read for refusals in our own dialogues: one row."""

    __tablename__ = "strikes_read"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]
