"""How far the mailbox that is read for us was read, and which of its mails must not count again."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import AddressKey, Base


class Mailbox(Base):
    """A folder on a mail server, by keyed hash of where it is. The server itself is left as it was found.

    UIDs only grow as long as their folder's validity number is the same (RFC 9051 section 2.3.1.1); with
    another one they begin anew, and so do we.
    """

    __tablename__ = "mailboxes"

    mailbox_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    uid_validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    read_at: Mapped[datetime | None]  # when all that there was had last been read
    next_read_at: Mapped[datetime] = mapped_column(default=db_now())
    lease_until: Mapped[datetime | None]  # one process reads at a time
    failing_since: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)  # in vain, one after another


class MailTaken(Base):
    """A reply that was kept, or a mail by which somebody left: it does so once, however often it is read. And
    a place among the answers to one email of ours, of which there are so many a day.
    """

    __tablename__ = "mails_taken"
    __table_args__ = (Index(None, "taken_at"),)

    mail_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)  # keyed, of its id and its sender
    taken_at: Mapped[datetime] = mapped_column(default=db_now())
