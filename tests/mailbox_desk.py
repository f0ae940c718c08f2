"""Somebody's mailbox, read in this process: for tests of what comes back by mail."""

import zlib
from dataclasses import dataclass

from people import add_list, add_person
from returned_mails import mail
from sent_messages import sent_message
from sqlalchemy import select, update

from dispatcher.house import House
from dispatcher.models import ConsentEvent, List, Message, ProviderEvent, Reply, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.tokens import Signer
from dispatcher.usecases.feedback.references import message_reference
from dispatcher.usecases.mailbox.mails import Taken, take_mail, understand
from dispatcher.usecases.mailbox.reading import Turn, read_mailbox
from fakes.imap import ImapServer

MARIA = "maria@town.example"
US = {"from_email": "alerts@org.example", "bounces_to": "bounces@org.example", "reply_to": "desk@org.example"}


@dataclass(frozen=True)
class Desk:
    """A house whose settings name the server's folder."""

    house: House
    server: ImapServer
    maria: int
    message: int

    @property
    def signer(self) -> Signer:
        return Signer.load(self.house.settings)

    @property
    def reference(self) -> str:
        """Of the email that went to Maria."""
        with self.house.db.reading() as session:
            return message_reference(self.house.keys, session.get_one(Message, self.message))

    def answer(self, words: str, *headers: str, sender: str = f"Maria <{MARIA}>") -> bytes:
        """What somebody answers to that email."""
        number = zlib.crc32(repr((words, headers, sender)).encode())
        mine = f"In-Reply-To: <{self.reference}@org.example>"
        utf8 = "Content-Type: text/plain; charset=utf-8"
        raw = mail(words, mine, utf8, *headers, sender=sender)
        return raw.replace(b"<b1@mx.town.example>", f"<{number}@mail.town.example>".encode())

    def bounce(self, code: str = "5.1.1") -> bytes:
        """What Maria's server says of it."""
        return mail(
            f"<{MARIA}>:\n550 {code} No such user\n\n--- Below this line is a copy of the message.\n\n"
            f"Message-ID: <{self.reference}@org.example>\nTo: {MARIA}\nSubject: Call"
        )

    def take(self, raw: bytes) -> list[Taken]:
        """Act on one mail."""
        with self.house.db.transaction() as session:
            return take_mail(session, self.house, self.signer, understand(raw, self.house.settings))

    def read(self, seconds: float = 5) -> Turn | None:
        """One turn at the mailbox."""
        return read_mailbox(self.house, self.signer, lambda: False, seconds)

    def replies(self) -> list[tuple[str, str]]:
        """Words and tier of what was kept."""
        with self.house.db.reading() as session:
            return [(one.words, str(one.tier)) for one in session.scalars(select(Reply).order_by(Reply.id))]

    def events(self) -> list[str]:
        with self.house.db.reading() as session:
            return [str(kind) for kind in session.scalars(select(ProviderEvent.kind))]

    def suppressed(self) -> int:
        with self.house.db.reading() as session:
            return len(session.scalars(select(Suppression)).all())

    def left(self) -> list[str]:
        """The lists that Maria has left by email."""
        by_email = (Subscription.channel == Channel.EMAIL, Subscription.left_at.is_not(None))
        with self.house.db.reading() as session:
            return list(session.scalars(select(List.slug).join(Subscription).where(*by_email)))

    def leavings(self) -> int:
        left = ConsentEvent.act.expression == ConsentAct.LEFT
        with self.house.db.reading() as session:
            return len(session.scalars(select(ConsentEvent).where(left)).all())


def mailbox_desk(house: House, server: ImapServer) -> Desk:
    """With Maria, who is on two lists, and an email that went to her."""
    for slug in ("daca", "health"):
        add_list(house, slug)
    maria = add_person(house, email=MARIA, lists=("daca", "health"))
    number = sent_message(house, maria)
    with house.db.transaction() as session:
        session.execute(update(Message).values(address_key=house.keys.address_key(MARIA)))
    return Desk(house, server, maria, number)
