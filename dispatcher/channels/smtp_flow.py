"""One batch of emails on its way over a pool of connections."""

import time
from collections import deque
from collections.abc import Iterable, Iterator

from dispatcher.channels.base import OUT_OF_TIME, Outcome, Result, out_of_time
from dispatcher.channels.feed import Fed, Feed
from dispatcher.channels.smtp_connection import SmtpConnection
from dispatcher.channels.smtp_pool import SmtpPool
from dispatcher.channels.smtp_relay import CannotOpen
from dispatcher.channels.smtp_transaction import Ending
from dispatcher.rules.rendered import Rendered

_CERTAINLY_NOT_TAKEN = frozenset({Result.RETRY, Result.SLOW_DOWN})
_UNTIL_ANSWERED = 60.0  # seconds; the pool looks up far more often


class SmtpFlow:
    """Reads the batch as connections are free; nothing is handed over after `stop_at` (time.monotonic())."""

    def __init__(self, pool: SmtpPool, batch: Iterable[Fed], stop_at: float) -> None:
        self._pool = pool
        self._feed = Feed(batch)
        self._stop_at = stop_at
        self._waiting: deque[Rendered] = deque()  # begun, but no connection is free yet
        self._again: set[int] = set()  # ids whose kept connection had died: once more, over a new one
        self._trouble: CannotOpen | None = None

    def run(self) -> Iterator[Outcome]:
        """Yield an outcome for each message, as they come."""
        for _ in self._pool.ready(0.0):  # finds what the relay closed since the last batch
            pass
        while True:
            yield from self._begin()
            if self._feed.ended and not self._waiting and not self._pool.busy:
                return
            for event in self._pool.ready(self._feed.quiet_for if self._has_room else _UNTIL_ANSWERED):
                if isinstance(event, CannotOpen):
                    self._trouble = event
                else:
                    yield from self._ended(*event)

    @property
    def _has_room(self) -> bool:
        return not self._feed.ended and len(self._waiting) + self._pool.busy < self._pool.width

    def _begin(self) -> Iterator[Outcome]:
        """Begin what waits, then read on while there is room."""
        yield from self._serve()
        while self._has_room and (message := self._feed.next()) is not None:
            self._waiting.append(message)
            yield from self._serve()

    def _serve(self) -> Iterator[Outcome]:
        while self._waiting:
            message = self._waiting[0]
            if unsent := self._unsendable(message):
                self._waiting.popleft()
                yield self._answered(unsent)
            elif free := self._free_for(message):
                self._waiting.popleft()
                if ending := free.begin(message, self._stop_at):
                    yield from self._ended(free, ending)
                else:
                    self._pool.watch(free)
            else:
                return

    def _unsendable(self, message: Rendered) -> Outcome | None:
        """The answer when it is too late, or when there is no connection and there will be none."""
        if time.monotonic() >= self._stop_at:
            return out_of_time(message)
        if self._trouble is not None and not self._pool.alive:
            return Outcome(message.message_id, self._trouble.result, self._trouble.code, self._trouble.words)
        return None

    def _free_for(self, message: Rendered) -> SmtpConnection | None:
        """A connection for this message now; when there is none, as many as are wanted are being opened."""
        fresh = message.message_id in self._again and self._trouble is None and not self._pool.full
        if free := self._pool.take(fresh=fresh):
            return free
        while self._trouble is None and not self._pool.full and self._pool.opening < len(self._waiting):
            self._pool.open_another()
        return None

    def _ended(self, connection: SmtpConnection, ending: Ending) -> Iterator[Outcome]:
        message, outcome = connection.message, ending.outcome
        self._pool.put_back(connection)
        closed_meanwhile = (
            connection.carried > 1 and not connection.usable and outcome.result in _CERTAINLY_NOT_TAKEN
        )
        if closed_meanwhile and outcome.code != OUT_OF_TIME and message.message_id not in self._again:
            self._again.add(message.message_id)
            self._waiting.appendleft(message)
        else:
            yield self._answered(outcome)

    def _answered(self, outcome: Outcome) -> Outcome:
        self._feed.answered()
        return outcome
