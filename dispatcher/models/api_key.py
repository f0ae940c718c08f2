"""Keys of the API: what the organisation's own site shows when it asks something of ours."""

from datetime import date, datetime

from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import Base


class ApiKey(Base):
    """The key itself is shown once and kept nowhere: here is its hash, and a number to find it by."""

    __tablename__ = "api_keys"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[str] = mapped_column(String(100))  # `subscribe read`
    created_at: Mapped[datetime] = mapped_column(default=db_now())
    last_used: Mapped[date | None] = mapped_column(Date)  # the day: more would tell when people sign up
    revoked_at: Mapped[datetime | None]
