"""`dispatch retention run`, and what workers do once an hour: small transactions, one after another."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dispatcher.house import House
from dispatcher.usecases.hold import HoldView, in_force, view_hold
from dispatcher.usecases.retention.alerts import never_over
from dispatcher.usecases.retention.duty import Duty
from dispatcher.usecases.retention.files import rejected_rows_here
from dispatcher.usecases.retention.kinds import duties, held_forgettings

_A_TRANSACTION = 500  # rows: a few milliseconds for which others wait


@dataclass(frozen=True, slots=True)
class Done:
    """How much went, by the duty's name; `more`: there was no time for all of it; `held`: by a legal hold."""

    counts: dict[str, int] = field(default_factory=dict)
    more: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing, how long it is kept, how much is due to go now, and when the next goes."""

    name: str
    kept: str
    waiting: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What `dispatch retention` shows."""

    kinds: tuple[Kept, ...]
    hold: HoldView | None
    never_over: tuple[int, ...]  # alerts that could still send something, so they keep everything
    rejected_rows: tuple[Path, ...]  # files with addresses in the clear


def run(house: House, within: float = float("inf")) -> Done:
    """Delete what is due, for about `within` seconds. Reads first: it writes only when there is something."""
    ends = time.monotonic() + within
    counts: dict[str, int] = {}
    for duty in duties(house.settings):
        for number in _see_to(house, duty):
            if number is None:
                return Done(counts, held=True)
            counts[duty.name] = counts.get(duty.name, 0) + number
            if time.monotonic() > ends:
                return Done(counts, more=True)
    return Done(counts)


def forget_held(house: House) -> int:
    """Erase whoever waited for a hold to end; returns how many."""
    return sum(number or 0 for number in _see_to(house, held_forgettings()))


def overview(house: House) -> Overview:
    """What is kept for how long, and what would go now."""
    with house.db.reading() as session:
        kinds = tuple(
            Kept(duty.name, duty.kept, duty.waiting(session), duty.next_at(session))
            for duty in duties(house.settings)
        )
        hold, waiting = view_hold(session), tuple(never_over(session))
    return Overview(kinds, hold, waiting, tuple(rejected_rows_here()))


def _see_to(house: House, duty: Duty) -> Iterator[int | None]:
    """How many went in each transaction; None when a hold is on, which is looked at in every one."""
    with house.db.reading() as session:
        if not duty.waiting(session):
            return
    while True:
        with house.db.transaction() as session:
            done = None if in_force(session) else duty.do(session, _A_TRANSACTION)
        if not done:
            if done is None:
                yield None
            return
        yield done
