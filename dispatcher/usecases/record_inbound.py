"""A text that somebody sent us: STOP ends all our texts, START brings them back, HELP explains, OK answers.

START undoes a STOP, no more: the lists that this number left by it, for whoever still has the number here.
It doesn't undo what a person left by a link, nor what staff wrote down, nor a forgetting.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.addresses import AddressProblem, parse_phone
from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.keyring import Keyring
from dispatcher.models import ConsentEvent, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.rules.ok_words import says_ok
from dispatcher.rules.opt_out_words import Keyword, meaning
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger
from dispatcher.usecases.leave import STOPPED, leave
from dispatcher.usecases.sign_offs import take_answer
from dispatcher.usecases.suppress import lift, suppress

STARTED = "text START"  # as the ledger has it

_SMS = Channel.SMS


@dataclass(frozen=True, slots=True)
class Reaction:
    """What to answer: the words for a keyword, in a language; None: nothing."""

    reply: Keyword | None
    language: str = "en"


def record_inbound(session: Session, keys: Keyring, text: InboundText) -> Reaction:
    """Act on a text. There is one confirmation to a STOP, and none where Twilio has answered by itself."""
    understood = (text.handled, "en") if text.handled else meaning(text.body)
    try:
        key = keys.address_key(parse_phone(text.number).e164)
    except AddressProblem:  # a short code, or a sender without a number
        return Reaction(None)
    if understood is None:
        if says_ok(text.body):
            take_answer(session, key)
        return Reaction(None)
    keyword, written_in = understood
    reply = _act(session, key, keyword)
    # STOP is everybody's word; ALTO tells the language.
    language = _language(session, key) if written_in == "en" else written_in
    return Reaction(None if text.handled else reply, language)


def _act(session: Session, key: bytes, keyword: Keyword) -> Keyword | None:
    if keyword is Keyword.STOP:
        newly = suppress(session, _SMS, key, SuppressionReason.STOP, STOPPED)
        leave(session, _SMS, key, STOPPED)
        return Keyword.STOP if newly else None
    if keyword is Keyword.START and lift(session, _SMS, key, SuppressionReason.STOP):
        return Keyword.START if _rejoin(session, key) else Keyword.HELP
    return Keyword.HELP


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
        left[list_id] = act is ConsentAct.LEFT and source == STOPPED
        if act is ConsentAct.JOINED:
            shown[list_id] = disclosure_id
    return {list_id: disclosure_id for list_id, disclosure_id in shown.items() if left[list_id]}


def _language(session: Session, key: bytes) -> str:
    found = select(Subscriber.language).where(Subscriber.phone_key == key).order_by(Subscriber.id)
    return session.scalars(found).first() or "en"
