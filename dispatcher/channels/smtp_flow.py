"""One batch of emails on its way over a pool of connections.

A message that is announced takes a connection at once, and is offered: by the time it may go, the relay has
agreed to take it.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator

from dispatcher.channels.base import OUT_OF_TIME, Outcome, Result, out_of_time
from dispatcher.channels.feed import Early, Fed, Feed, Withdrawn
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
        # Announced and not permitted yet, by id: what carries it, or how it has ended.
        self._early: dict[int, SmtpConnection | Outcome | None] = {}
        self._again: set[int] = set()  # ids whose kept connection had died: once more, over a new one
        self._trouble: CannotOpen | None = None

    def run(self) -> Iterator[Outcome]:
        """Yield an outcome for each message, as they come."""
        self._pool.look_over()
        while True:
            yield from self._begin()
            if self._feed.ended:
                self._withdraw_rest()
            if self._feed.ended and not self._waiting and not self._pool.busy:
                return
            for event in self._pool.ready(self._feed.quiet_for if self._listens else _UNTIL_ANSWERED):
                if isinstance(event, CannotOpen):
                    self._trouble = event
                else:
                    yield from self._ended(*event)

    @property
    def _listens(self) -> bool:
        """Whether the batch is read on: there is room, or somebody waits for its word."""
        has_room = len(self._waiting) + self._pool.busy < self._pool.width
        return not self._feed.ended and (has_room or bool(self._early))

    def _begin(self) -> Iterator[Outcome]:
        """Begin what waits, then read on."""
        yield from self._serve()
        while self._listens and (said := self._feed.next()) is not None:
            if isinstance(said, Withdrawn):
                self._withdraw(said.message_id)
            elif isinstance(said, Early):
                self._early[said.message.message_id] = None
                self._waiting.append(said.message)
            elif said.message_id in self._early:
                yield from self._permit(said.message_id)
            else:
                self._waiting.append(said)
            yield from self._serve()

    def _permit(self, message_id: int) -> Iterator[Outcome]:
        came_to = self._early.pop(message_id)
        if isinstance(came_to, Outcome):
            yield from self._answered(came_to)
        elif came_to is not None and (ending := came_to.permit()):
            yield from self._ended(came_to, ending)
        elif came_to is not None:
            self._pool.watch(came_to)

    def _withdraw(self, message_id: int) -> None:
        came_to = self._early.pop(message_id)
        if isinstance(came_to, SmtpConnection):
            self._pool.abandon(came_to)
        elif came_to is None:
            self._waiting = deque(one for one in self._waiting if one.message_id != message_id)

    def _withdraw_rest(self) -> None:
        """What was announced and of which no more was heard will not go."""
        for message_id in list(self._early):
            self._withdraw(message_id)

    def _serve(self) -> Iterator[Outcome]:
        while self._waiting:
            message = self._waiting[0]
            if unsent := self._unsendable(message):
                self._waiting.popleft()
                yield from self._answered(unsent)
            elif free := self._free_for(message):
                self._waiting.popleft()
                early = message.message_id in self._early
                if early:
                    self._early[message.message_id] = free
                if ending := free.begin(message, self._stop_at, permitted=not early):
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
            connection.kept and not connection.usable and outcome.result in _CERTAINLY_NOT_TAKEN
        )
        if message.message_id in self._early:
            self._early[message.message_id] = None
        if closed_meanwhile and outcome.code != OUT_OF_TIME and message.message_id not in self._again:
            self._again.add(message.message_id)
            self._waiting.appendleft(message)
        else:
            yield from self._answered(outcome)

    def _answered(self, outcome: Outcome) -> Iterator[Outcome]:
        """Tell how a message ended; when it may not go yet, that is told once it may."""
        if outcome.message_id in self._early:
            self._early[outcome.message_id] = outcome
        else:
            self._feed.answered()
            yield outcome
