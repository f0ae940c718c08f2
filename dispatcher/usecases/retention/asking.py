"""Numbers on sensitive lists that nobody has heard of for a year are asked once, and then taken off.

Asked in their language, in their hours, some each day; any text back is an answer. A question that the
provider never took isn't held against anybody. Coming back takes an own act, as after any leaving.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.db import db_now, keyring
from dispatcher.models import ConsentEvent, LastHeard, List, Notice, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState
from dispatcher.settings import Settings
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.leave import leave
from dispatcher.usecases.notices.queueing import queue_notice
from dispatcher.usecases.retention.duty import Duty

SILENT_FOR = timedelta(days=365)
ANSWER_WITHIN = timedelta(days=30)
SOURCE = "no sign of life for a year"  # as the ledger has it
MOST_A_DAY = 200  # questions: five thousand people aren't asked at once
KIND = "still"  # notice.still_sms

_SMS = Channel.SMS
_OURS = LastHeard.channel == _SMS
_NO_ANSWER = (_OURS, LastHeard.asked_at < db_now(-ANSWER_WITHIN.total_seconds()))


def silent_numbers(settings: Settings) -> tuple[Duty, ...]:
    """What is done about them; nothing where no text reaches people."""
    if not settings.reaches_people(_SMS):
        return ()
    return (
        Duty(
            "questions to silent numbers that have left",
            "noted",
            lambda session: session.scalar(select(func.count()).where(*_left_unnoted())) or 0,
            _note_left,
            lambda _session: None,
        ),
        Duty(
            "numbers of sensitive lists, silent for a year: asked",
            f"at most {MOST_A_DAY} a day",
            lambda session: len(_silent(session, _room(session))),
            _ask,
            lambda _session: None,
        ),
        Duty(
            "numbers that didn't answer: taken off sensitive lists",
            f"{ANSWER_WITHIN.days} days after the question",
            lambda session: session.scalar(select(func.count()).where(*_NO_ANSWER)) or 0,
            _take_off,
            _first_answer_due,
        ),
    )


def _silent(session: Session, at_most: int) -> Sequence[tuple[int, bytes]]:
    """Numbers to ask, as the first of the people who share each, and its key; the longest here come first."""
    if not at_most:
        return ()
    since = db_now(-SILENT_FOR.total_seconds())
    # IN, and by way of the ledger: subscriptions have no index by address, so that an EXISTS by address alone
    # would read all of them for each number.
    on_sensitive = Subscriber.phone_key.in_(
        select(Subscription.address_key)
        .join(List, List.id == Subscription.list_id)
        .where(Subscription.channel == _SMS, Subscription.left_at.is_(None), List.sensitive)
    )
    joined_lately = exists().where(*_held(Subscriber.phone_key), Subscription.joined_at >= since)
    known = (_OURS, LastHeard.address_key == Subscriber.phone_key)
    heard_or_asked = exists().where(*known, or_(LastHeard.heard_at >= since, LastHeard.asked_at.is_not(None)))
    kept_out = exists().where(Suppression.channel == _SMS, Suppression.address_key == Subscriber.phone_key)
    query = (
        select(func.min(Subscriber.id), Subscriber.phone_key)
        .where(Subscriber.phone_key.is_not(None), on_sensitive)
        .where(~joined_lately, ~heard_or_asked, ~kept_out)
        .group_by(Subscriber.phone_key)
        .order_by(func.min(Subscriber.id))
        .limit(at_most)
    )
    return [(person, key) for person, key in session.execute(query) if key is not None]


def _room(session: Session) -> int:
    """How many more may be asked today."""
    today = select(func.count()).where(_OURS, LastHeard.asked_at > db_now(-24 * 3600.0))
    return max(0, MOST_A_DAY - (session.scalar(today) or 0))


def _ask(session: Session, at_most: int) -> int:
    """Queue the question, and remember it."""
    silent = _silent(session, min(at_most, _room(session)))
    for person_id, key in silent:
        person = session.get_one(Subscriber, person_id)
        queue_notice(
            session,
            keyring(),
            channel=_SMS,
            address=person.phone or "",
            kind=KIND,
            language=person.language,
        )
        row = insert_with_conflicts(session, LastHeard)
        row = row.values(channel=_SMS, address_key=key, asked_at=db_now(), question_left=False)
        session.execute(
            row.on_conflict_do_update(
                index_elements=[LastHeard.channel, LastHeard.address_key],
                set_={"asked_at": row.excluded.asked_at, "question_left": False},
            )
        )
    return len(silent)


def _left_unnoted() -> tuple[ColumnElement[bool], ...]:
    question = exists().where(
        Notice.channel == _SMS,
        Notice.kind == KIND,
        Notice.address_key == LastHeard.address_key,
        Notice.state.in_((NoticeState.SENT, NoticeState.UNCERTAIN)),
    )
    return _OURS, LastHeard.asked_at.is_not(None), LastHeard.question_left.is_(False), question


def _note_left(session: Session, at_most: int) -> int:
    """In time: what became of a notice is known for a week."""
    some = select(LastHeard.address_key).where(*_left_unnoted()).limit(at_most)
    keys = session.scalars(some).all()
    _update(session, keys, question_left=True)
    return len(keys)


def _take_off(session: Session, at_most: int) -> int:
    """Those who had the question leave every sensitive list by text; the others are asked again."""
    some = select(LastHeard.address_key, LastHeard.question_left).where(*_NO_ANSWER).limit(at_most)
    found = session.execute(some).all()
    sensitive = session.scalars(select(List.id).where(List.sensitive).order_by(List.id)).all()
    for key, question_left in found:
        if question_left:
            leave(session, _SMS, key, SOURCE, list_ids=_joined(session, key, sensitive))
    _update(session, [key for key, _ in found], asked_at=None, question_left=False)
    return len(found)


def _joined(session: Session, key: bytes, list_ids: Sequence[int]) -> Sequence[int]:
    """Of these lists, those that the number is on."""
    on_it = (*_held(key), Subscription.left_at.is_(None), Subscription.list_id.in_(list_ids))
    query = select(Subscription.list_id).where(*on_it).distinct()
    return session.scalars(query).all()


def _held(key: bytes | InstrumentedAttribute[bytes | None]) -> tuple[ColumnElement[bool], ...]:
    """Subscriptions of this number, found by whoever the ledger says has or had it."""
    return (
        ConsentEvent.address_key == key,
        ConsentEvent.channel == _SMS,
        Subscription.subscriber_id == ConsentEvent.subscriber_id,
        Subscription.channel == _SMS,
        Subscription.address_key == key,
    )


def _update(session: Session, keys: Sequence[bytes], **values: object) -> None:
    session.execute(update(LastHeard).where(_OURS, LastHeard.address_key.in_(keys)).values(**values))


def _first_answer_due(session: Session) -> datetime | None:
    oldest = session.scalar(select(func.min(LastHeard.asked_at)).where(_OURS))
    return None if oldest is None else oldest + ANSWER_WITHIN
