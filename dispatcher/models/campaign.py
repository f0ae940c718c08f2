"""A campaign: a standing call to action. Its words live in files; this row is what alerts hang on."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import Base


class Campaign(Base):
    """Locked (SELECT ... FOR UPDATE) while an audience is laid out, so that two sends can't both do it."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(SealedText("campaigns.slug", room=128), unique=True)
    title: Mapped[str] = mapped_column(SealedText("campaigns.title", room=512))
    level: Mapped[str] = mapped_column(String(16))  # federal, state, local
    created_at: Mapped[datetime] = mapped_column(default=db_now())
