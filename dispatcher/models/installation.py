"""What this database knows of the installation that it belongs to: one row."""

import hashlib
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import Base

_NAME_LENGTH = 12  # characters


class Installation(Base):
    """The data key's fingerprint: another key is refused before anything is written with it."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    data_key_fingerprint: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=db_now())


def installation_name(session: Session) -> str:
    """What its journals are called: the same in every copy of this database, and in no other one."""
    fingerprint, created_at = session.execute(
        select(Installation.data_key_fingerprint, Installation.created_at)
    ).one()
    return name_of(fingerprint, created_at)


def name_of(fingerprint: str, created_at: datetime) -> str:
    """The name of the installation whose key has this fingerprint, and whose database was made then."""
    made = hashlib.sha256(f"{fingerprint} {created_at.isoformat()}".encode()).hexdigest()
    return f"{fingerprint}-{made[:_NAME_LENGTH]}"
