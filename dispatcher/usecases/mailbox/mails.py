"""What one mail in the mailbox says, and what follows.

Whoever shares the mailbox gets other mail there, and anybody can write a mail. So one counts only with our
own word in it, which went to the recipient alone: the whole reference of a message, or the signed token of a
link for leaving. All else is looked at and forgotten; nothing of it is kept.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.addresses import AddressProblem, parse_email
from dispatcher.bounces.answers import Answer, read_answer
from dispatcher.bounces.reading import read_bounce
from dispatcher.bounces.verp import leave_token
from dispatcher.db import db_now
from dispatcher.errors import BadToken
from dispatcher.house import House
from dispatcher.keyring import Keyring
from dispatcher.models import MailTaken, Message, Notice, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.free_text import Tier, weigh
from dispatcher.rules.notices import NOTICE_NUMBERS
from dispatcher.rules.references import message_of
from dispatcher.settings import Settings
from dispatcher.sql import insert_with_conflicts
from dispatcher.tokens import Signer
from dispatcher.usecases.feedback.references import alert_salt, is_genuine, is_notices_own
from dispatcher.usecases.feedback.taking import take
from dispatcher.usecases.leave import BY_MAIL, leave_by_link
from dispatcher.usecases.leave_everything import leave_by_address
from dispatcher.usecases.replies.keeping import keep_reply

log = logging.getLogger("dispatcher.mailbox")

_EMAIL = Channel.EMAIL
_SILENT = frozenset({EventKind.REPLY, EventKind.AUTO_REPLY, EventKind.UNKNOWN})
ANSWERS_A_DAY = 20  # to one email of ours
_DAY = 24 * 3600.0  # seconds
_SURELY = 300  # characters: in a longer answer the words for leaving may be about something else


class Taken(StrEnum):
    """What came of one thing that a mail says."""

    TOLD = "told"  # an event about a message, to be applied
    LEFT = "left"
    KEPT = "kept"  # a person's words, for people to read
    KNOWN = "known"  # it was read before
    NOTED = "noted"  # nothing follows: automatic, or a thank-you
    NOT_OURS = "not ours"
    UNREAD = "can't be read"


@dataclass(frozen=True, slots=True)
class Mail:
    """What was read of one mail; `answer` when a person wrote it."""

    events: Sequence[Event]
    answer: Answer | None = None


UNREAD = Mail((Event(EventKind.UNKNOWN, "mailbox", "", None),))


def passed_by(error: Exception) -> Taken:
    """Say that a mail can't be read, and nothing of what stands in it."""
    log.warning("A mail can't be read (%s); it is left where it is.", type(error).__name__)
    return Taken.UNREAD


def understand(raw: bytes, settings: Settings) -> Mail:
    """Read a mail; nothing happens yet."""
    events = read_bounce(raw, settings.bounces_to)
    written = any(event.kind is EventKind.REPLY for event in events)
    return Mail(events, read_answer(raw) if written else None)


def take_mail(session: Session, house: House, signer: Signer, mail: Mail) -> list[Taken]:
    """Act on a mail, an outcome for each of its events. To take it again does no harm."""
    outcomes = []
    for event in mail.events:
        said = take_words(session, house, signer, mail, event)
        if said is None:
            said = Taken.TOLD if take(session, house.keys, [event]) else Taken.KNOWN
        outcomes.append(said)
    return outcomes


def take_words(session: Session, house: House, signer: Signer, mail: Mail, event: Event) -> Taken | None:
    """Act on what a person says in a mail; None for what a server says of a message, which is left to
    `usecases.feedback`.
    """
    if event.kind is EventKind.UNSUBSCRIBED and leave_token(event.reference):
        return leave_by_mail(session, house.keys, signer, event)
    if event.kind is EventKind.REPLY and mail.answer is not None:
        return _Answering(session, house).take(event, mail.answer)
    if event.kind in _SILENT:
        return Taken.NOTED
    # Looked at here already: whoever makes references up must not fill the database with their words.
    return Taken.NOT_OURS if _proved(session, house.keys, event.reference) is None else None


def leave_by_mail(session: Session, keys: Keyring, signer: Signer, event: Event) -> Taken:
    """Act on a mail to a message's own address for leaving: the signed token in it counts, not who wrote."""
    try:
        token = signer.read_leave_token(leave_token(event.reference))
    except BadToken:
        return Taken.NOT_OURS
    if not _once(session, keys, event):
        return Taken.KNOWN
    leave_by_link(session, token, BY_MAIL)
    return Taken.LEFT


def _once(session: Session, keys: Keyring, event: Event) -> bool:
    """Whether a mail is taken for the first time. A mailbox that was set up anew is read from its beginning:
    who has come back meanwhile must not leave again.
    """
    row = insert_with_conflicts(session, MailTaken).values(
        mail_key=keys.address_key(f"mail {event.event_id}")
    )
    taken = session.execute(row.on_conflict_do_nothing().returning(MailTaken.mail_key))
    return taken.first() is not None


class _Answering:
    """A person's answer to a message of ours."""

    def __init__(self, session: Session, house: House) -> None:
        self._session = session
        self._keys = house.keys
        self._ours = (house.settings.from_email, house.settings.bounces_to, house.settings.reply_to)

    def take(self, event: Event, answer: Answer) -> Taken:
        """Keep it, and let them leave who say so."""
        key = self._key(answer.sender)
        proved = (_proved(self._session, self._keys, reference) for reference in answer.references)
        found = next((one for one in proved if one is not None), None)
        if found is None or key is None or key in {self._key(address) for address in self._ours}:
            return Taken.NOT_OURS
        tier = weigh(answer.words) if answer.words else Tier.NOTHING
        passed_on = key != found.address_key
        if tier is Tier.LEAVES and (passed_on or len(answer.words) > _SURELY):
            tier = Tier.LOOK  # people decide
        if tier is Tier.NOTHING:
            return Taken.NOTED
        if not _once(self._session, self._keys, event):
            return Taken.KNOWN
        # Of what was passed on, or has another's name on it, nobody here is said to have written it.
        people = () if passed_on else self._who_have(key)
        kept = self._has_room(found) and keep_reply(
            self._session,
            self._keys,
            channel=_EMAIL,
            address_key=key,
            words=answer.words,
            tier=tier,
            people=people,
            reference=answer.message_id,
            answerable=answer.by_hand,
            passed_on=passed_on,
        )
        if kept and not passed_on and isinstance(found, Message):
            kept.alert_id = found.alert_id  # known for sure
        if tier is not Tier.LEAVES:
            return Taken.KEPT if kept else Taken.NOTED
        person = people[0].id if people else None
        leave_by_address(self._session, _EMAIL, key, BY_MAIL, subscriber_id=person)
        return Taken.LEFT

    def _who_have(self, key: bytes) -> Sequence[Subscriber]:
        held = select(Subscriber).where(Subscriber.email_key == key).order_by(Subscriber.id)
        return self._session.scalars(held).all()

    def _has_room(self, found: Message | Notice) -> bool:
        """Whether of this email fewer than its share of answers came since yesterday; this one is counted.

        Whoever has one of our emails can write any number of names into their own.
        """
        for number in range(ANSWERS_A_DAY):
            place = self._keys.address_key(f"answer {number} to {type(found).__name__} {found.id}")
            row = insert_with_conflicts(self._session, MailTaken).values(mail_key=place)
            free_again = row.on_conflict_do_update(
                index_elements=[MailTaken.mail_key],
                set_={"taken_at": db_now()},
                where=MailTaken.taken_at <= db_now(-_DAY),
            )
            if self._session.execute(free_again.returning(MailTaken.mail_key)).first() is not None:
                return True
        return False

    def _key(self, address: str) -> bytes | None:
        try:
            return self._keys.address_key(parse_email(address).normalised)
        except AddressProblem:
            return None


def _proved(session: Session, keys: Keyring, reference: str) -> Message | Notice | None:
    """The email that a reference names, an alert's or a notice, if it is that email's own."""
    number = message_of(reference) or 0
    if number >= NOTICE_NUMBERS:
        notice = session.get(Notice, number - NOTICE_NUMBERS)
        ours = notice is not None and is_notices_own(keys, reference, notice)
        return notice if notice and ours else None
    message = session.get(Message, number)
    if message is None or message.channel is not _EMAIL:
        return None
    return message if is_genuine(reference, number, alert_salt(keys, message.alert_id)) else None
