"""Strikes: count the days on which an address failed softly, and give it up when they go on."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, Message, Strike, StrikesRead
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.feedback import STRIKES_WITHIN, gives_up, refusal_is_a_strike
from dispatcher.rules.moves import Status
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.bulk import one_of
from dispatcher.usecases.suppress import suppress_each

GIVEN_UP = "nothing arrived there for days"  # as suppressions have it

_A_TRANSACTION = 500  # strikes
_ONE = 1  # the only row's id
_LEFT_TO_COMMIT = 60.0  # seconds: lines of the log appear a moment after the time that they bear


def count_strikes(session: Session, channel: Channel, days: Iterable[tuple[bytes, date]]) -> set[bytes]:
    """Note a strike for each address and day; suppress the addresses that are given up, and return them."""
    rows = [{"channel": channel, "address_key": key, "day": day} for key, day in sorted(set(days))]
    statement = insert_with_conflicts(session, Strike).on_conflict_do_nothing()
    session.connection().execute(statement, rows)
    keys = {row["address_key"] for row in rows}
    of_address: defaultdict[bytes, set[date]] = defaultdict(set)
    counted = select(Strike.address_key, Strike.day).where(
        Strike.channel == channel, one_of(session, Strike.address_key, keys)
    )
    for key, day in session.execute(counted):
        of_address[bytes(key)].add(day)
    given_up = {key for key, struck in of_address.items() if gives_up(struck)}
    if not given_up:
        return set()
    clear_strikes(session, channel, given_up)
    return suppress_each(session, channel, sorted(given_up), SuppressionReason.BOUNCED, GIVEN_UP)


def clear_strikes(session: Session, channel: Channel, keys: Collection[bytes]) -> None:
    """Forget the strikes of addresses that can be reached."""
    session.execute(
        delete(Strike)
        .where(Strike.channel == channel, one_of(session, Strike.address_key, keys))
        .execution_options(synchronize_session=False)
    )


def count_own_refusals(house: House) -> int:
    """Count as strikes what servers refused in our own dialogues without saying that the address is dead;
    returns how many addresses had one.

    While sending there is no time for it. Reads the log from where the last call ended; strikes that were
    counted before are the same rows.
    """
    with house.db.reading() as session:
        until = session.scalars(select(db_now(-_LEFT_TO_COMMIT))).one()
        since = session.scalar(select(StrikesRead.until)) or until - STRIKES_WITHIN
        days = sorted(_refused_since(session, since, until))
    for first in range(0, len(days), _A_TRANSACTION):
        with house.db.transaction() as session:
            count_strikes(session, Channel.EMAIL, days[first : first + _A_TRANSACTION])
    with house.db.transaction() as session:
        row = insert_with_conflicts(session, StrikesRead).values(id=_ONE, until=until)
        session.execute(
            row.on_conflict_do_update(index_elements=[StrikesRead.id], set_={"until": row.excluded.until})
        )
    return len({key for key, _ in days})


def _refused_since(session: Session, since: datetime, until: datetime) -> set[tuple[bytes, date]]:
    log = (
        select(Message.address_key, DeliveryLogEntry.at, DeliveryLogEntry.error, DeliveryLogEntry.detail)
        .join(Message, Message.id == DeliveryLogEntry.message_id)
        .where(DeliveryLogEntry.at > since, DeliveryLogEntry.at <= until)
        .where(DeliveryLogEntry.status == Status.FAILED, DeliveryLogEntry.channel == Channel.EMAIL)
        .where(DeliveryLogEntry.provider_ref.is_(None))  # else it was accepted, and an event's words count
    )
    return {
        (bytes(key), at.date())
        for key, at, error, detail in session.execute(log)
        if refusal_is_a_strike(error or "", detail or "")
    }
