"""What this database knows of the installation that it belongs to: one row."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import Base


class Installation(Base):
    """The data key's fingerprint: another key is refused before anything is written with it."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    data_key_fingerprint: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=db_now())
