"""What people have written back, and what we answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, SealedText, db_now
from dispatcher.models.base import AddressKey, Base, BigId, stored_enum
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.rules.replies import ReplyState


class Reply(Base):
    """A text or email that a person should look at, or that was taken for a STOP. Kept for a month."""

    __tablename__ = "replies"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "address_key"),
        Index(None, "subscriber_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=db_now())
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    state: Mapped[ReplyState] = mapped_column(stored_enum(ReplyState), default=ReplyState.OPEN)
    tier: Mapped[Tier] = mapped_column(stored_enum(Tier))
    language: Mapped[str] = mapped_column(String(35))  # the person's, where we know it
    address_key: Mapped[bytes] = mapped_column(AddressKey)
    # Null where nobody here has the address, or several share it.
    subscriber_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    alert_id: Mapped[int | None]  # the newest that had reached the address by then
    # An email that answers one of ours to another address: it was passed on, or the sender's name is forged.
    passed_on: Mapped[bool] = mapped_column(default=False, server_default=false())
    assigned_to: Mapped[str | None] = mapped_column(SealedText("replies.assigned_to", room=32))
    words: Mapped[str] = mapped_column(EncryptedText("replies.words"))
    reference: Mapped[str | None] = mapped_column(EncryptedText("replies.reference"))  # an email's Message-ID


class Answer(Base):
    """What we wrote to that: by a person, or the one that goes by itself, whose words are the catalogue's.

    It left as a notice, which says what became of it.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index(None, "reply_id"),
        Index(None, "notice_id"),
        Index(None, "address_key"),
        Index(None, "subscriber_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=db_now())
    reply_id: Mapped[int] = mapped_column(BigId, ForeignKey("replies.id", ondelete="CASCADE"))
    notice_id: Mapped[int] = mapped_column(BigId)  # no foreign key: what withdraws notices needn't know of it
    address_key: Mapped[bytes] = mapped_column(AddressKey)
    subscriber_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    author: Mapped[str] = mapped_column(EncryptedText("answers.author"))  # whoever wrote it; nobody: ""
    words: Mapped[str] = mapped_column(EncryptedText("answers.words"))


class TextTaken(Base):
    """A text that was acted on: told a second time, it does nothing and isn't answered again."""

    __tablename__ = "texts_taken"
    __table_args__ = (Index(None, "taken_at"),)

    text_key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)  # of Twilio's id for it
    taken_at: Mapped[datetime] = mapped_column(default=db_now())


class ErasureAsked(Base):
    """A number has said ERASE, and was asked whether it means that. By keyed hash; counts for a day."""

    __tablename__ = "erasures_asked"

    address_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(default=db_now())
