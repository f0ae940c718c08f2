"""Apply what was taken in: some hundred events a transaction, with the same few statements for any number.

Whoever applies an event holds its row until the commit, so two workers never apply one twice; and its
message's row, so that our own answer, which may come at the same moment, is written before or afterwards.
A batch that fails is done one by one, and what fails alone is put off: one event never stops the others.
"""

import logging
import time
from collections.abc import Callable, Sequence

from sqlalchemy import func, select, update

from dispatcher.db import db_now
from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.models import ProviderEvent
from dispatcher.usecases.feedback.batch import apply_events
from dispatcher.usecases.journal import refuse_older_database

log = logging.getLogger("dispatcher.feedback")

_PUT_OFF = 600.0  # seconds until what couldn't be applied is tried again


def events_due(house: House) -> bool:
    """Whether an event waits to be applied: a look at the end of a small index."""
    with house.db.reading() as session:
        return bool(session.scalar(select(func.min(ProviderEvent.next_try_at) <= db_now())))


def apply_due(house: House, limit: int = 500) -> int:
    """Apply events that are due, at most `limit`; returns how many it dealt with. Raises DatabaseOlder."""
    refuse_older_database(house)
    due = (
        select(ProviderEvent.id)
        .where(ProviderEvent.next_try_at <= db_now())
        .order_by(ProviderEvent.next_try_at, ProviderEvent.id)
        .limit(limit)
    )
    ids: Sequence[int] = ()
    try:
        with house.db.transaction() as session:
            ids = session.scalars(due.with_for_update(skip_locked=True)).all()
            apply_events(session, house.keys, ids)
    except DispatchError:  # the database is busy, or away: nothing is wrong with the events
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the other events
        log.warning("Events are applied one by one: together they failed (%s).", type(error).__name__)
        for number in ids:
            _apply_alone(house, number)
    return len(ids)


def apply_for(house: House, stop: Callable[[], bool], seconds: float) -> bool:
    """Apply events for so many seconds at most; whether more are due now. Raises DatabaseOlder."""
    end = time.monotonic() + seconds
    while apply_due(house):
        if stop() or time.monotonic() > end:
            return events_due(house)
    return False


def _apply_alone(house: House, number: int) -> None:
    one = select(ProviderEvent.id).where(ProviderEvent.id == number, ProviderEvent.next_try_at <= db_now())
    try:
        with house.db.transaction() as session:
            apply_events(session, house.keys, session.scalars(one.with_for_update(skip_locked=True)).all())
    except Exception as error:  # noqa: BLE001 - its words could hold an address
        log.warning("Event %d couldn't be applied (%s); it is put off.", number, type(error).__name__)
        with house.db.transaction() as session:
            later = update(ProviderEvent).where(ProviderEvent.id == number)
            session.execute(later.values(next_try_at=db_now(_PUT_OFF), tries=ProviderEvent.tries + 1))
