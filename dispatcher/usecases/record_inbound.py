"""A text that somebody sent us: STOP ends all our texts, START brings them back, HELP explains, YES confirms
a sign-up, OK answers a question of ours, ERASE forgets. A sentence that means STOP counts as one; others are
kept for people to look at.

Twilio tells a text again when it didn't hear our answer: the second time nothing is done and nothing said.

START undoes a STOP, no more: the lists that this number left by it, for whoever still has the number here.
It doesn't undo what a person left by a link, nor what staff wrote down, nor a forgetting.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.addresses import AddressProblem, parse_phone
from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.keyring import Keyring
from dispatcher.models import ConsentEvent, Subscriber, Subscription, TextTaken
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.rules.free_text import Tier, weigh
from dispatcher.rules.ok_words import says_ok
from dispatcher.rules.opt_out_words import Keyword, meaning
from dispatcher.rules.yes_words import says_yes
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger
from dispatcher.usecases.erase_number import ask_erasure, erase_number, erasure_waits
from dispatcher.usecases.joining.confirm import confirm_by_text
from dispatcher.usecases.leave import READ_AS_LEAVING, STOPPED, leave
from dispatcher.usecases.notices.queueing import withdraw_notices
from dispatcher.usecases.replies.keeping import keep_reply
from dispatcher.usecases.retention.silence import heard_from
from dispatcher.usecases.sign_offs import take_answer
from dispatcher.usecases.suppress import lift, suppress

STARTED = "text START"  # as the ledger has it

_SMS = Channel.SMS


class Answer(StrEnum):
    """What we text back: names of the catalogue's `text` section."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    JOINED = "joined"
    ERASE = "erase"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What to answer, and in which language; None: nothing."""

    reply: Answer | None
    language: str = "en"


def record_inbound(session: Session, keys: Keyring, text: InboundText) -> Reaction:
    """Act on a text. There is one confirmation to a STOP, and none where Twilio has answered by itself."""
    if text.sid and not _first_told(session, keys, text.sid):
        return Reaction(None)
    understood = (text.handled, "en") if text.handled else meaning(text.body)
    try:
        key = keys.address_key(parse_phone(text.number).e164)
    except AddressProblem:  # a short code, or a sender without a number
        return Reaction(None)
    people = _people(session, key)
    if people:
        heard_from(session, _SMS, key)
    spoken = people[0].language if people else "en"
    if understood is None:
        return Reaction(_listen(session, keys, key, text.body, people), spoken)
    keyword, written_in = understood
    reply = _act(session, keys, key, keyword)
    if text.handled and says_yes(text.body):  # Twilio's Advanced Opt-Out takes YES for a START
        confirm_by_text(session, key)
    # STOP is everybody's word; ALTO tells the language.
    return Reaction(None if text.handled else reply, spoken if written_in == "en" else written_in)


def _act(session: Session, keys: Keyring, key: bytes, keyword: Keyword) -> Answer | None:
    match keyword:
        case Keyword.STOP:
            return _stop(session, key)
        case Keyword.START:
            lifted = lift(session, _SMS, key, SuppressionReason.STOP)
            return Answer.START if lifted and _rejoin(session, key) else Answer.HELP
        case Keyword.ERASE_YES if erasure_waits(session, key):
            erase_number(session, keys, key)
            return Answer.ERASED
        case Keyword.ERASE | Keyword.ERASE_YES:
            ask_erasure(session, key)
            return Answer.ERASE
        case _:
            return Answer.HELP


def _listen(
    session: Session, keys: Keyring, key: bytes, body: str, people: list[Subscriber]
) -> Answer | None:
    """A text that is no keyword."""
    if says_ok(body) and take_answer(session, key):
        return None
    if says_yes(body):
        if confirm_by_text(session, key):
            return Answer.JOINED
        # After ERASE it may be the answer to that, or to something else: nobody is forgotten by a guess.
        tier = Tier.LOOK if erasure_waits(session, key) else Tier.NOTHING
    else:
        tier = weigh(body)
    # Also what counts as a STOP, should it have been none.
    keep_reply(session, keys, channel=_SMS, address_key=key, words=body, tier=tier, people=people)
    return _stop(session, key) if tier is Tier.LEAVES else None


def _stop(session: Session, key: bytes) -> Answer | None:
    newly = suppress(session, _SMS, key, SuppressionReason.STOP, STOPPED)
    leave(session, _SMS, key, STOPPED)
    withdraw_notices(session, _SMS, key)
    return Answer.STOP if newly else None


def _first_told(session: Session, keys: Keyring, sid: str) -> bool:
    """In one statement, so that of two at the same moment one is the first."""
    row = insert_with_conflicts(session, TextTaken).values(text_key=keys.address_key(f"text {sid}"))
    told = row.on_conflict_do_nothing().returning(TextTaken.text_key)
    return session.scalar(told) is not None


def _people(session: Session, key: bytes) -> list[Subscriber]:
    found = select(Subscriber).where(Subscriber.phone_key == key).order_by(Subscriber.id)
    return list(session.scalars(found))


def _rejoin(session: Session, key: bytes) -> bool:
    """Join again what the number left by its STOP; whether there was anything."""
    rejoined = False
    for list_id, disclosure_id in _left_by_stop(session, key).items():
        people = session.execute(
            select(Subscriber.id, Subscriber.language)
            .join(Subscription, Subscription.subscriber_id == Subscriber.id)
            .where(Subscriber.phone_key == key, Subscription.address_key == key)
            .where(Subscription.list_id == list_id, Subscription.channel == _SMS)
            .order_by(Subscriber.id)
        ).all()
        ledger = ListLedger(session, list_id)
        ledger.look_up({_SMS: [key]}, [person for person, _ in people])
        agreements = [Agreement(person, _SMS, key, language) for person, language in people]
        ledger.join(agreements, Evidence(STARTED, disclosure_id))
        rejoined = rejoined or bool(people)
    return rejoined


def _left_by_stop(session: Session, key: bytes) -> dict[int, int | None]:
    """List -> the words that had been shown when the number joined it."""
    acts = session.execute(
        select(ConsentEvent.list_id, ConsentEvent.act, ConsentEvent.source, ConsentEvent.disclosure_id)
        .where(ConsentEvent.address_key == key, ConsentEvent.channel == _SMS)
        .order_by(ConsentEvent.id)
    )
    shown: dict[int, int | None] = {}
    left: dict[int, bool] = {}
    for list_id, act, source, disclosure_id in acts:
        left[list_id] = act is ConsentAct.LEFT and source in {STOPPED, READ_AS_LEAVING}
        if act is ConsentAct.JOINED:
            shown[list_id] = disclosure_id
    return {list_id: disclosure_id for list_id, disclosure_id in shown.items() if left[list_id]}
