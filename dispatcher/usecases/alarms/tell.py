"""Tell what was noted. Only one process tells an alarm at a time; what doesn't arrive is tried again."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alarm
from dispatcher.rules.alarms import TOLD_WITHIN, wait_after
from dispatcher.usecases.alarms.targets import Notice, Target, targets_of


@dataclass(frozen=True, slots=True)
class Failure:
    """Somebody who couldn't be told."""

    way: str  # how it was tried, without anybody's address
    problem: str


def something_to_tell(house: House) -> bool:
    """Whether an alarm waits for somebody to be told: one look at a small table."""
    if not targets_of(house.settings):
        return False
    with house.db.reading() as session:
        return bool(session.scalar(select(exists().where(*_due()))))


def tell(house: House) -> Iterator[Failure]:
    """Tell every alarm that is due to whoever doesn't know it yet; yields what went wrong.

    Takes as long as their servers take to answer, so it belongs into a thread of its own. No database
    connection is held meanwhile.
    """
    targets = targets_of(house.settings)
    while targets and (claimed := _claim(house)) is not None:
        notice, known = claimed
        arrived = set(known)
        for target in targets:
            if target.name not in known:
                problem = target.tell(notice)
                if problem:
                    yield Failure(target.way, problem)
                else:
                    arrived.add(target.name)
        _remember(house, notice.number, arrived, targets)


def _claim(house: House) -> tuple[Notice, Collection[str]] | None:
    """The oldest alarm that is due, ours for a minute at least: the next try is put off first."""
    with house.db.transaction() as session:
        found = select(Alarm).where(*_due()).order_by(Alarm.id).limit(1).with_for_update(skip_locked=True)
        alarm = session.scalars(found).one_or_none()
        if alarm is None:
            return None
        alarm.tries += 1
        _put_off(session, alarm)
        notice = Notice(alarm.event, alarm.words, alarm.at, alarm.over, alarm.alert_id, alarm.id)
        return notice, alarm.told.split()


def _put_off(session: Session, alarm: Alarm) -> None:
    alarm.next_try_at = session.scalars(select(db_now(wait_after(alarm.tries).total_seconds()))).one()


def _remember(house: House, number: int, arrived: Collection[str], targets: Sequence[Target]) -> None:
    values: dict[str, object] = {"told": " ".join(sorted(arrived))}
    if all(target.name in arrived for target in targets):
        values["next_try_at"] = None
    with house.db.transaction() as session:
        session.execute(update(Alarm).where(Alarm.id == number).values(values))


def _due() -> tuple[ColumnElement[bool], ...]:
    return Alarm.next_try_at <= db_now(), Alarm.at > db_now(-TOLD_WITHIN.total_seconds())
