"""ERASE by text: who asks from their phone is forgotten everywhere, after one question.

A phone that a family shares doesn't say who asks. So it is the number that is forgotten: it is taken from
everybody, and only who can't be reached without it is forgotten with it.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.keyring import Keyring
from dispatcher.models import ErasureAsked, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.forget import forget, keep_out
from dispatcher.usecases.hold import in_force
from dispatcher.usecases.notices.queueing import withdraw_notices
from dispatcher.usecases.traces import erase_traces

_ANSWER_WITHIN = 24 * 3600.0  # seconds
_REASON = "asked by text"
_NOBODY = 0  # no subscriber has this id


def ask_erasure(session: Session, key: bytes) -> None:
    """Remember that the number was asked whether it means that. Asking again begins a new day."""
    row = insert_with_conflicts(session, ErasureAsked).values(address_key=key, asked_at=db_now())
    session.execute(
        row.on_conflict_do_update(
            index_elements=[ErasureAsked.address_key], set_={"asked_at": row.excluded.asked_at}
        )
    )


def erasure_waits(session: Session, key: bytes) -> bool:
    """Whether the number was asked within the last day, and hasn't answered yet."""
    asked = select(ErasureAsked.address_key).where(
        ErasureAsked.address_key == key, ErasureAsked.asked_at > db_now(-_ANSWER_WITHIN)
    )
    return session.scalar(asked) is not None


def erase_number(session: Session, keys: Keyring, key: bytes) -> None:
    """Forget whoever has the number; nobody here may have it, and it is kept out all the same."""
    people = session.scalars(
        select(Subscriber).where(Subscriber.phone_key == key).order_by(Subscriber.id)
    ).all()
    held = in_force(session)
    for person in people:
        if len(people) == 1 or person.email_key is None:
            forget(session, keys, str(person.id), reason=_REASON)
        elif not held:
            _take_phone(session, person, key)
    keep_out(session, Channel.SMS, key)
    withdraw_notices(session, Channel.SMS, key)
    if held:
        session.execute(delete(ErasureAsked).where(ErasureAsked.address_key == key))
    else:
        erase_traces(session, _NOBODY, [key])


def _take_phone(session: Session, person: Subscriber, key: bytes) -> None:
    person.phone = person.phone_key = person.quiet_zones = None
    session.execute(
        delete(Subscription).where(
            Subscription.subscriber_id == person.id,
            Subscription.channel == Channel.SMS,
            Subscription.address_key == key,
        )
    )
    session.flush()
