"""A scene: one alert that workers send to a provider that keeps a journal, while something goes wrong."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from campaigns import frozen_campaign, real, send
from people import add_people
from sqlalchemy import exists, func, select

from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.models import Alert, Chunk, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import OPEN, Status
from faults.oracle import Allowed, recipients_of, wrongs
from faults.providers import Provider, Taken
from faults.worker import Worker
from houses import environment_of

MakeScene = Callable[..., "Scene"]
Times = Callable[[int, int], int]  # how often to do something: in the short form, and in the full one

_SETTLES_WITHIN = 60.0  # seconds
_LOOK_EVERY = 0.1
_LOOK_LIKE_POISON = 3  # deaths in a row
_LOG = Path("worker.log")
_WORKERS = ("-m", "workers")


class Scene:
    """A house, its provider on one channel, and the workers that tests start in it.

    `killed` counts processes that could send, `people` who should have a message.
    """

    def __init__(self, house: House, channel: Channel, provider: Provider, resources: ExitStack) -> None:
        self.house = house
        self.provider = provider
        self.environment: Mapping[str, str] = environment_of(house.settings)
        self.killed = 0
        self.people = 0
        self._channel = channel
        self._resources = resources

    def add(self, people: int, domain: str = "example.org") -> list[int]:
        """So many people more; their ids."""
        self.people += people
        return add_people(self.house, people, channels=[self._channel], domain=domain)

    def open(self, people: int, **given: Any) -> list[int]:
        """Open an alert to so many people more; nothing of it is sent before there is a worker."""
        added = self.add(people)
        send(self.house, real(frozen_campaign(), channels=[self._channel], **given))
        return added

    def worker(self, concurrency: int = 2, program: tuple[str, ...] = _WORKERS, **settings: str) -> Worker:
        """Start a worker, with settings of its own if any; it is killed at the end if it still runs."""
        own = {f"DISPATCH_{name.upper()}": value for name, value in settings.items()}
        worker = Worker({**self.environment, **own}, _LOG, concurrency, program)
        return self._resources.enter_context(worker)

    def taken(self) -> list[Taken]:
        """What the provider has."""
        return self.provider.taken()

    def until_more(self, number: int) -> None:
        """Wait until the provider has so many messages more."""
        wanted = len(self.taken()) + number
        self.until(lambda: len(self.taken()) >= wanted, f"{wanted} messages at the provider")

    def counts(self) -> Counter[Status]:
        """How many messages are in which status."""
        with self.house.db.reading() as session:
            rows = session.execute(select(Message.status, func.count()).group_by(Message.status))
            return Counter(dict(rows.all()))

    def count(self, *statuses: Status) -> int:
        """How many messages are in any of these."""
        counts = self.counts()
        return sum(counts[status] for status in statuses)

    def in_hand(self) -> int:
        """How many chunks are leased and messages being sent: what a worker must not leave behind."""
        with self.house.db.reading() as session:
            held = Chunk.lease_token.is_not(None)
            leased = session.scalar(select(func.count()).select_from(Chunk).where(held)) or 0
        return leased + self.count(Status.SENDING)

    def settle(self) -> None:
        """Wait until nothing is under way any more, and nothing left that may go by itself."""
        self.until(self._at_rest, "an end")

    def settle_with(self, start: Callable[[], Worker]) -> None:
        """As `settle`, with a worker that is started again whenever it ends, as a service manager does."""
        workers = [start()]

        def at_rest() -> bool:
            if not workers[-1].alive:
                workers.append(start())
            return self._at_rest()

        self.until(at_rest, "an end")

    def judge(self, *, uncertain: int | None = None, failed: int | None = None) -> Counter[Status]:
        """Nobody missed, nobody twice, at most so many uncertain and failed. Returns how many ended as what.

        Unless given: `connections` x processes killed may be uncertain; and a message fails when three
        processes die over its chunk in a row, before anything of it was sent: it looks as if it killed them.
        """
        most = self.provider.connections * self.killed if uncertain is None else uncertain
        culprits = self.killed // _LOOK_LIKE_POISON if failed is None else failed
        recipients = recipients_of(self.house, self._channel)
        broken = wrongs(recipients, self.taken(), self.people, Allowed(most, culprits))
        assert not broken, "\n".join([*broken, self._story()])
        return self.counts()

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Look again until something holds; fail with the scene's story when it doesn't in time."""
        end = time.monotonic() + _SETTLES_WITHIN
        while not holds():
            assert time.monotonic() < end, f"{what}: not within {_SETTLES_WITHIN} s. {self._story()}"
            time.sleep(_LOOK_EVERY)

    def _at_rest(self) -> bool:
        running = select(Alert.id).where(Alert.state == AlertState.RUNNING)
        waits = Message.status.in_(OPEN) & Message.alert_id.in_(running)
        under_way = Message.status == Status.SENDING
        held = Chunk.lease_token.is_not(None)
        unlaid = Alert.state == AlertState.SCHEDULED
        looks = exists().where(waits | under_way) | exists().where(held) | exists().where(unlaid)
        try:
            with self.house.db.reading() as session:
                return not session.scalar(select(looks))
        except DispatchError:
            return False  # the database is away: part of the scene

    def _story(self) -> str:
        """Where it stands, for whoever reads a failure."""
        words = _LOG.read_text()[-4000:] if _LOG.exists() else "no worker"
        try:
            counts = {str(status): number for status, number in self.counts().items()}
            with self.house.db.reading() as session:
                chunks = select(Chunk.number, Chunk.lease_token, Chunk.leases_lost).where(Chunk.open).limit(5)
                left = [tuple(row) for row in session.execute(chunks)]
        except DispatchError as error:
            return f"{error}\n{words}"
        has = len(self.taken())
        return f"{counts}, {has} at the provider, {self.killed} killed, open chunks {left}\n{words}"
