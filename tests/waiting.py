"""An alert that waits to be sent, and workers as processes of their own."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

from sqlalchemy import func, select

from dispatcher.house import House
from dispatcher.models import Chunk, Message
from dispatcher.rules.moves import Status
from dispatcher.usecases.send_campaign import Request, carry_out, plan
from dispatcher.usecases.set_up_practice import set_up_practice
from houses import environment_of
from servers.processes import running

LOG = Path("worker.log")
_OUTBOX = Path("var/outbox")


class Waiting:
    """A house with practice people, and what was opened there."""

    def __init__(self, house: House) -> None:
        self.house = house
        with house.db.transaction() as session:
            set_up_practice(session, house.keys, house.db.shown)

    def open(self, people: int) -> None:
        """Open an alert to so many people; nothing of it is sent yet."""
        carry_out(self.house, plan(self.house, Request("daca", limit=people)))

    def count(self, *statuses: Status) -> int:
        """How many messages have one of these statuses; all of them without any."""
        wanted = Message.status.in_(statuses or tuple(Status))
        with self.house.db.reading() as session:
            return session.scalar(select(func.count()).select_from(Message).where(wanted)) or 0

    def sent_by_channel(self) -> Counter[str]:
        """How many were sent by email, how many by text."""
        with self.house.db.reading() as session:
            rows = session.scalars(select(Message.channel).where(Message.status == Status.SENT))
            return Counter(str(channel) for channel in rows)

    def leased(self) -> int:
        """How many chunks are in somebody's hands."""
        with self.house.db.reading() as session:
            held = Chunk.lease_token.is_not(None)
            return session.scalar(select(func.count()).select_from(Chunk).where(held)) or 0

    def everybody(self) -> list[str]:
        """What the outbox has to hold in the end: each message by its number."""
        with self.house.db.reading() as session:
            return sorted(f"{number:010d}" for number in session.scalars(select(Message.id)))

    def over(self) -> bool:
        """Whether nothing more will be sent."""
        return self.count(Status.QUEUED, Status.SENDING) == 0


def delivered() -> list[str]:
    """What the outbox holds; a message that came twice has a name of its own."""
    return sorted(path.stem for path in _OUTBOX.glob("[!.]*"))


@contextlib.contextmanager
def worker_on(waiting: Waiting, *options: str) -> Iterator["Popen[bytes]"]:
    """A worker that sends what waits; its words go to worker.log."""
    environment = environment_of(waiting.house.settings)
    with running("-P", "-m", "workers", *options, environment=environment, log=LOG) as worker:
        yield worker
