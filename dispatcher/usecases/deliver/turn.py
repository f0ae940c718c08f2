"""One worker's turn at one chunk: render, reserve, intend, hand over, settle; a mini-batch at a time."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from dispatcher.channels.base import UNREACHABLE, Result, Sender
from dispatcher.errors import DatabaseBusy, DatabaseUnreachable, LimiterUnavailable
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered
from dispatcher.usecases.deliver.claim import claim, mark_trying, set_aside, unmark_trying
from dispatcher.usecases.deliver.lanes import lanes_of
from dispatcher.usecases.deliver.lease import Lease, give_back
from dispatcher.usecases.deliver.pages import Due, Occasion, occasion_of, read_page
from dispatcher.usecases.deliver.prepare import Aside, Preparer, Ready
from dispatcher.usecases.deliver.settle import Answer, settle

T = TypeVar("T")

_PAGE = 100  # messages decrypted at a time: a worker's memory holds no more people than this
_SLICE = 0.2  # seconds between looks at `stop` while waiting for a limit
_UNREACHABLE_REST = 10.0  # seconds a chunk rests when its provider can't be reached at all
_DATABASE_AWAY = 0.5  # seconds between two tries to write what became of messages
_WITHOUT_LIMITER = 1.0  # seconds until the limiter is asked again when it is away: limits fail closed


@dataclass(frozen=True, slots=True)
class Means:
    """What a process sends with during one task."""

    house: House
    senders: Mapping[Channel, Sender]
    limiter: Limiter
    stop: Callable[[], bool]
    until: float  # a reading of time.monotonic(): the turn should be over by then

    @property
    def over(self) -> bool:
        return self.stop() or time.monotonic() >= self.until


class Turn:
    """A leased chunk being worked on. `run` gives the lease back; a crash leaves it to the reaper."""

    def __init__(self, means: Means, lease: Lease) -> None:
        self.means = means
        self.lease = lease
        self.db = means.house.db
        self.sender = means.senders[lease.channel]
        self.lanes = lanes_of(means.house.settings, lease)
        with self.db.reading() as session:
            self.occasion = occasion_of(session, lease)
        self.answers: list[Answer] = []  # they ride on the next intent
        self.asides: list[Aside] = []
        self.rest = 0.0  # seconds for which the chunk is put back

    def run(self) -> None:
        """Send until the chunk is empty, the turn is over, or the limits say wait."""
        if self.occasion is not None:
            preparer = Preparer(self.means.house, self.sender, self.occasion, self.lease.channel)
            while self._send_page(preparer, self.occasion):
                pass
        self._durably(self._end)

    def _send_page(self, preparer: Preparer, occasion: Occasion) -> bool:
        """Send the next page; False when the chunk is empty or must be left."""
        if self.asides:
            self._flush()  # they are queued still, and the next page would bring them again
        with self.db.reading() as session:
            page = read_page(session, self.lease, occasion.edition_number, _PAGE)
        size = 1 if self.lease.one_by_one else self.sender.connections
        batches = (page[i : i + size] for i in range(0, len(page), size))
        return bool(page) and all(self._send_batch(preparer, occasion, batch) for batch in batches)

    def _send_batch(self, preparer: Preparer, occasion: Occasion, batch: Sequence[Due]) -> bool:
        """One mini-batch, in as many parts as the limits make of it; False when the chunk must be left."""
        if self.lease.one_by_one:
            with self.db.transaction() as session:
                mark_trying(session, batch)
        prepared = [preparer.prepare(due) for due in batch]
        self.asides += [item for item in prepared if isinstance(item, Aside)]
        ready = [item for item in prepared if isinstance(item, Ready)]
        while ready and not self.means.over:
            delays, wait = self._reserve(ready)
            granted_at = time.monotonic()  # after the limiter's own clock: late by a round trip, never early
            part, ready = ready[: len(delays)], ready[len(delays) :]
            if part and not self._hand_over(occasion, part, granted_at, delays):
                return False
            if not part and not self._wait(wait):
                return False
        return not self.means.over

    def _reserve(self, ready: Sequence[Ready]) -> tuple[list[float], float]:
        """Delays for as many as the limits grant within a second, and the wait for the next one."""
        try:
            grant = self.means.limiter.reserve(self.lanes, [item.units for item in ready])
        except LimiterUnavailable:
            return [], _WITHOUT_LIMITER
        return grant.delays, grant.wait

    def _wait(self, seconds: float) -> bool:
        """Wait for a limit; a domain's is waited for by the chunk, so that the others' mail goes on."""
        if self.lease.lane in self.means.house.settings.domain_rates:
            self.rest = seconds
            return False
        if self.answers or self.asides:
            self._flush()  # results are written within a second
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.means.over:
            time.sleep(min(left, _SLICE))
        return not self.means.over

    def _hand_over(
        self, occasion: Occasion, part: Sequence[Ready], granted_at: float, delays: Sequence[float]
    ) -> bool:
        """Intent, then the provider, then the results are remembered; False when the chunk must be left."""
        batch = [item.due for item in part]
        begun = self._durably(lambda session: self._intend(session, occasion, batch))
        self._forget_written()
        if begun is None:
            return False
        going = [(item, at) for item, at in zip(part, delays, strict=True) if item.due.message_id in begun]
        by_id = {item.due.message_id: item for item, _ in going}
        self.answers += [Answer(item, item.failure) for item, _ in going if item.failure]
        paced = self._paced([(item.rendered, at) for item, at in going if item.rendered], granted_at)
        outcomes = list(self.sender.send(paced, self.lease.until))
        self.answers += [Answer(by_id[outcome.message_id], outcome) for outcome in outcomes]
        if any(outcome.result is Result.BROKEN for outcome in outcomes):
            return False  # writing it pauses the alert
        if outcomes and all(outcome.code in UNREACHABLE for outcome in outcomes):
            self.rest = _UNREACHABLE_REST
            return False
        return True

    def _paced(self, going: Sequence[tuple[Rendered, float]], granted_at: float) -> Iterator[Rendered]:
        """Each message at its own slot: a second never has more than its rate, whatever the batch is."""
        for rendered, delay in going:
            if delay and (early := granted_at + delay - time.monotonic()) > 0:
                time.sleep(early)
            yield rendered

    def _intend(self, session: Session, occasion: Occasion, batch: Sequence[Due]) -> set[int] | None:
        self._write(session)
        return claim(session, self.lease, occasion, batch)

    def _end(self, session: Session) -> None:
        self._write(session)
        if self.lease.one_by_one:
            unmark_trying(session, self.lease)
        give_back(session, self.lease, wait=self.rest)

    def _flush(self) -> None:
        self._durably(self._write)
        self._forget_written()

    def _durably(self, work: Callable[[Session], T]) -> T:
        """A transaction, again while the database is away and our lease lasts: no answer may be lost."""
        while True:
            try:
                with self.db.transaction() as session:
                    return work(session)
            except (DatabaseBusy, DatabaseUnreachable):
                if time.monotonic() + _DATABASE_AWAY >= self.lease.until:
                    raise
                time.sleep(_DATABASE_AWAY)

    def _write(self, session: Session) -> None:
        if self.occasion is not None:
            settle(session, self.lease, self.occasion, self.answers)
        set_aside(session, self.lease, self.asides)

    def _forget_written(self) -> None:
        self.answers = []
        self.asides = []
