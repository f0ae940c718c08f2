"""Retention from a worker: once an hour, and at once again while there is more than a moment's worth."""

from sqlalchemy import func, select

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import StopTold
from workers.housekeeping import Broom


def told_long_ago(house: House, number: int) -> None:
    with house.db.transaction() as session:
        then = db_now(-40 * 86_400)
        session.add_all(StopTold(address_key=b"%016d" % nth, told_at=then) for nth in range(number))


def left(house: House) -> int:
    with house.db.reading() as session:
        return session.scalar(select(func.count()).select_from(StopTold)) or 0


def test_it_sweeps_at_once_and_then_once_an_hour(house: House) -> None:
    broom = Broom()
    told_long_ago(house, 2)
    broom.sweep(house)
    assert left(house) == 0
    told_long_ago(house, 2)
    broom.sweep(house)
    assert left(house) == 2


def test_what_there_was_no_time_for_is_done_at_the_next_sweep(house: House) -> None:
    broom = Broom(at_a_time=0.0)
    told_long_ago(house, 501)
    broom.sweep(house)
    assert left(house) == 1
    broom.sweep(house)
    assert left(house) == 0
