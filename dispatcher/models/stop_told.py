"""When a number was last told how to stop."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.models.base import AddressKey, Base


class StopTold(Base):
    """By keyed hash alone. A row that is gone costs one reminder more: old ones may go at any time."""

    __tablename__ = "stop_told"

    address_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    told_at: Mapped[datetime]
