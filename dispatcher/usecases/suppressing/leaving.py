"""Leaving by the thousand: as usecases.leave does it for one address, in a few statements for all."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import ConsentEvent, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.journal import Left
from dispatcher.usecases.bulk import insert_rows, one_of
from dispatcher.usecases.journal.noting import list_keys, note


def leave_all(session: Session, channel: Channel, keys: Collection[bytes], source: str) -> int:
    """Each address leaves all that it ever agreed to; how many addresses left something just now."""
    acts = (
        select(ConsentEvent.address_key, ConsentEvent.list_id, ConsentEvent.act, ConsentEvent.subscriber_id)
        .where(ConsentEvent.channel == channel, one_of(session, ConsentEvent.address_key, keys))
        .order_by(ConsentEvent.id)
    )
    last: dict[tuple[bytes, int], ConsentAct] = {}
    people: set[int] = set()
    for key, list_id, act, subscriber_id in session.execute(acts):
        last[bytes(key), list_id] = act
        if subscriber_id is not None:
            people.add(subscriber_id)
    leaving = sorted(one for one, act in last.items() if act is not ConsentAct.LEFT)
    if not leaving:
        return 0
    now = session.scalar(select(db_now()))
    shared = {"channel": channel, "act": ConsentAct.LEFT, "source": source, "at": now}
    insert_rows(session, ConsentEvent, ("address_key", "list_id"), leaving, shared)
    session.execute(
        update(Subscription)
        .where(Subscription.channel == channel, one_of(session, Subscription.subscriber_id, people))
        .where(one_of(session, Subscription.address_key, {key for key, _ in leaving}))
        .where(Subscription.left_at.is_(None))
        .values(left_at=db_now())
        .execution_options(synchronize_session=False)
    )
    ids = sorted({list_id for _, list_id in leaving})
    names = dict(zip(ids, list_keys(session, ids), strict=True))
    note(session, *(Left(channel, key.hex(), names[list_id]) for key, list_id in leaving))
    return len({key for key, _ in leaving})
