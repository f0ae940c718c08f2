"""A large audience: looked over, laid out, and continued by ten people more."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from figures import Figure
from installation import Installation
from loopback import postgres, redis, smtp_sink
from sizes import Sizes

from dispatcher.house import open_house
from dispatcher.rules.alert import Channel
from dispatcher.usecases.send_campaign import Request, carry_out, plan

T = TypeVar("T")

_MORE = 10  # people who join later
_BARE = """
CREATE TABLE bare (LIKE messages INCLUDING ALL);
ALTER TABLE bare ADD FOREIGN KEY (alert_id) REFERENCES alerts,
                 ADD FOREIGN KEY (subscriber_id) REFERENCES subscribers;
"""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Laying out as a ratio to the bare INSERT of the same rows, the rest as ratios to laying out."""
    people = sizes.audience
    with postgres() as database, redis() as queue, smtp_sink() as port:
        ours = Installation(folder, database, queue, email_url=f"smtp://127.0.0.1:{port}?starttls=no")
        ours.add_people(people)
        house = open_house(ours.settings)
        request = Request("bench", (Channel.EMAIL,))

        dry, _ = _timed(
            lambda: ours.dispatch("send", "--campaign", "bench", "--channel", "email", "--dry-run")
        )
        planned = plan(house, request)
        laid_out, opened = _timed(lambda: carry_out(house, planned))
        assert opened.added == people, opened
        ours.query(_BARE)
        bare, _ = _timed(lambda: ours.query("INSERT INTO bare SELECT * FROM messages"))
        words = f"{people / laid_out:,.0f} rows/s / {people / bare:,.0f} rows/s"
        yield Figure("audience", f"{people:,} laid out / a bare INSERT of them", bare / laid_out, words)
        words = f"{dry:.1f} s / {laid_out:.1f} s"
        yield Figure("audience", "dispatch send --dry-run / laying out", dry / laid_out, words)

        ours.add_people(_MORE, first=people + 1)
        planned = plan(house, request)
        again, opened = _timed(lambda: carry_out(house, planned))
        assert opened.added == _MORE, opened
        words = f"{again:.2f} s / {laid_out:.1f} s"
        yield Figure("audience", f"{_MORE} people more / laying out", again / laid_out, words)
        house.db.close()


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds that it took, and what it gave."""
    began = time.monotonic()
    given = work()
    return time.monotonic() - began, given
