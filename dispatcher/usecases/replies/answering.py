"""Staff answer a reply: a message like any other, with consent, limits and a log.

It needs what an alert needs: the address is on a list here, and nobody has suppressed it. It goes as a
notice, which looks again before it leaves; a text waits for its number's hours.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from dispatcher.content.notice import NoticeRequest, NoticeWriter
from dispatcher.errors import AnsweredMeanwhile, ReplyNotAnswerable
from dispatcher.house import House
from dispatcher.keyring import Keyring
from dispatcher.models import Answer, Reply, Subscriber
from dispatcher.models.base import AddressKey
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel
from dispatcher.rules.hours import next_open
from dispatcher.rules.replies import ReplyState
from dispatcher.rules.text_cost import TextCost
from dispatcher.usecases.notices.agreement import has_agreed
from dispatcher.usecases.notices.queueing import queue_numbered
from dispatcher.usecases.notices.quiet import quiet_zones_of
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.replies.keeping import address_of, threading
from dispatcher.usecases.replies.reading import find_reply
from dispatcher.usecases.stop_line import stop_due
from dispatcher.usecases.suppress import suppressed_for
from dispatcher.usecases.text_tally import cost_of_one

ANSWER = "answer"  # notice.answer_...

_BY = {Channel.EMAIL: "by email", Channel.SMS: "by text"}


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be sent. `seen`: how many answers of staff there were when it was written."""

    number: int
    channel: Channel
    language: str  # the person's
    words: str = field(repr=False)  # of a text as it arrives, of an email what staff wrote
    cost: TextCost | None  # of a text
    waits_until: datetime | None  # a text, outside its number's hours
    seen: int


def who_answers(session: Session, number: int) -> tuple[str | None, int]:
    """Whose reply it is, and how many answers of staff it has. Raises UnknownReply, ReplyNotAnswerable."""
    reply = find_reply(session, number)
    _person_to_answer(session, reply)
    return reply.assigned_to, _answers_of_staff(session, reply)


def draft_answer(house: House, number: int, words: str, *, seen: int) -> Draft:
    """What an answer of these words would be. Nothing is sent.

    Raises UnknownReply, ReplyNotAnswerable, WrongSettings where nobody has said who we are, or RenderFailed
    for a text that is too long.
    """
    if not words.strip():
        raise ReplyNotAnswerable(number=number, reason="there is nothing in the answer.")
    with house.db.reading() as session:
        reply = find_reply(session, number)
        person = _person_to_answer(session, reply)
        to = address_of(person, reply.channel)
        due = bool(session.scalar(select(stop_due(literal(reply.address_key, AddressKey)))))
        zones = quiet_zones_of(session, reply.address_key, to) if reply.channel is Channel.SMS else ""
    request = NoticeRequest(0, to, ANSWER, person.language, {"words": words})
    organisation = organisation_of(house.settings, practice=house.settings.practice[reply.channel])
    writer = NoticeWriter(organisation, salt=b"")
    if reply.channel is Channel.EMAIL:
        writer.email(request)
        return Draft(number, reply.channel, person.language, words.strip(), None, None, seen)
    text = writer.sms(request, stop_due=due)
    cost = cost_of_one(house.settings.prices, text.segments, to)
    return Draft(number, reply.channel, person.language, text.body, cost, _opens(house, zones), seen)


def send_answer(session: Session, keys: Keyring, number: int, words: str, *, author: str, seen: int) -> None:
    """Queue the answer, once: AnsweredMeanwhile when there are more answers than were `seen`.

    Whoever answers a reply that nobody has taken has it. Raises UnknownReply, ReplyNotAnswerable.
    """
    reply = find_reply(session, number, to_change=True)
    person = _person_to_answer(session, reply)
    if _answers_of_staff(session, reply) != seen:
        raise AnsweredMeanwhile(number=number)
    notice_id = queue_numbered(
        session,
        keys,
        channel=reply.channel,
        address=address_of(person, reply.channel),
        kind=ANSWER,
        language=person.language,
        facts={"words": words.strip(), **threading(reply)},
    )
    if notice_id is None:
        raise ReplyNotAnswerable(number=number, reason="that address has had 20 answers since yesterday.")
    session.add(
        Answer(
            reply_id=reply.id,
            notice_id=notice_id,
            address_key=reply.address_key,
            subscriber_id=reply.subscriber_id,
            author=author,
            words=words.strip(),
        )
    )
    reply.state = ReplyState.ANSWERED
    reply.assigned_to = reply.assigned_to or author
    session.flush()


def _person_to_answer(session: Session, reply: Reply) -> Subscriber:
    """Who has the address, and may be written to there."""
    if reason := suppressed_for(session, reply.channel, reply.address_key):
        why = f"nothing may go to that address any more ({reason})."
        raise ReplyNotAnswerable(number=reply.id, reason=why)
    holds = address_key(reply.channel) == reply.address_key
    person = session.scalar(select(Subscriber).where(holds).order_by(Subscriber.id).limit(1))
    if person is None:
        raise ReplyNotAnswerable(number=reply.id, reason="nobody here has that address.")
    if not session.scalar(select(has_agreed(reply.channel, reply.address_key))):
        why = f"whoever has that address is on no list {_BY[reply.channel]}."
        raise ReplyNotAnswerable(number=reply.id, reason=why)
    return person


def _answers_of_staff(session: Session, reply: Reply) -> int:
    """Authors are encrypted, so they are looked at here."""
    authors = session.scalars(select(Answer.author).where(Answer.reply_id == reply.id))
    return sum(bool(author) for author in authors)


def _opens(house: House, zones: str) -> datetime | None:
    if house.settings.practice[Channel.SMS]:
        return None
    now = house.db.now()
    opens = next_open(now, zones, house.settings.sms_window)
    return opens if opens != now else None
