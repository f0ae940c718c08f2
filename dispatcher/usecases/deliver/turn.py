"""One process's turn at a channel: the chunks in its hands, and one stream of messages to the provider.

The stream never holds more messages that have begun than there are connections. Whenever some of them are
free, the next few are granted by the limits and announced to the sender at their slots. Their intents are
written together, and then they go. Meanwhile the next ones are rendered. A chunk of a limited domain goes
beside the others and holds nobody up.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dispatcher.channels.base import UNREACHABLE, Outcome, Result, Sender
from dispatcher.channels.feed import Fed
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.usecases.deliver.books import Books
from dispatcher.usecases.deliver.clerk import Clerk
from dispatcher.usecases.deliver.departures import Departures
from dispatcher.usecases.deliver.granted import Batch, Granted
from dispatcher.usecases.deliver.hands import Hands
from dispatcher.usecases.deliver.in_hand import ChunkInHand, Slot
from dispatcher.usecases.deliver.prepare import Ready
from dispatcher.usecases.deliver.settle import Answer

_LOOK_EVERY = 0.2  # seconds between looks at `stop` while there is nothing to do
_CLERK_EVERY = 0.001  # seconds between looks whether the clerk is done
_HORIZON = 0.5  # seconds: how far ahead slots are taken, and so how long after a pause the last message goes
_AHEAD = _HORIZON / 2  # seconds of slots in hand with which no more are asked for
_UNREACHABLE_REST = 10.0  # seconds that chunks rest when their provider can't be reached at all
_LONGEST_WAIT = 1.0  # seconds: a limited domain that is further off is left for a later turn
_PATIENCE = 0.004  # seconds from one intent to the next: many messages at a time cost less than a few
_IMPATIENCE = 0.012  # seconds after which even one message is enough
_IDLE_SHARE = 8  # of the connections, that many at least begin together while there is nothing else to do
_SHARE_OF_A_LANE = 4  # a limited domain has at most a quarter of the connections


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
    """`run` leases chunks and gives them back; a crash leaves them to the reaper."""

    def __init__(self, means: Means, channel: Channel) -> None:
        self._means = means
        self._sender = means.senders[channel]
        self._width = self._sender.connections
        self._hands = Hands(means.house, self._sender, channel)
        self._books = Books(means.house, means.limiter)
        self._clerk = Clerk()
        self._closing = False  # nothing new is begun
        self._begun: dict[int, tuple[ChunkInHand, Ready]] = {}  # by message id, until it is answered
        self._granted = Granted()
        self._beginning = 0  # messages whose intents are being written
        self._departures = Departures()
        self._written_at = 0.0  # a reading of time.monotonic(): the last intents
        self._unreachable = False  # what the last answer said of the provider

    def run(self) -> bool:
        """Send until nothing is left, the turn is over, or the provider can't be reached; False when there
        was nothing to do.
        """
        try:
            self._hands.take(self._hands.lease())
            if not self._hands.chunks:
                return False
            stop_at = min(chunk.lease.until for chunk in self._hands.chunks)
            for outcome in self._sender.send(self._feed(), stop_at):
                self._answered(outcome)
            self._close()
            self._books.write(self._books.entry(self._hands.chunks, []))
            return True
        finally:
            self._clerk.close()

    def _feed(self) -> Iterator[Fed]:
        while True:
            while (said := self._departures.next()) is not None:
                yield said
            yield 0.0  # first, whatever has been answered meanwhile
            self._clerk.hear()
            if self._means.over:
                self._close()
            under_way = self._begun or self._granted or self._departures.has_news
            if not (self._clerk.busy or under_way or self._hands.has_work or self._wants_more):
                return
            few = max(1, self._width // _IDLE_SHARE)
            if self._grant(few) or self._employ_clerk(self._width // 2) or self._prepare_ahead():
                continue
            if self._grant(1) or self._employ_clerk(few):  # nothing else to do: fewer at a time
                continue
            yield self._quiet_for()

    def _answered(self, outcome: Outcome) -> None:
        chunk, ready = self._begun.pop(outcome.message_id)
        chunk.under_way -= 1
        self._books.add(chunk, Answer(ready, outcome))
        self._unreachable = outcome.code in UNREACHABLE
        if outcome.result is Result.BROKEN:
            self._close()  # writing it pauses the alert

    def _close(self, rest: float = 0.0) -> None:
        self._closing = True
        self._hands.leave_all(rest)

    def _employ_clerk(self, least: int) -> bool:
        """Give the clerk what is most urgent; whether there was anything. Messages begin when there are so
        many at least, or nothing else is to be waited for.
        """
        if self._clerk.busy:
            return False
        overdue = self._books.overdue_in()
        if time.monotonic() >= self._begins_at(least):
            self._write(self._granted.take_due(self._width - len(self._begun)))
        elif overdue is not None and overdue <= 0:
            self._write([])
        elif self._closing:
            return False
        elif self._wants_more:
            self._clerk.begin(self._hands.lease, self._hands.take)
        elif (chunk := self._hands.wants_page) is not None:
            self._clerk.begin(chunk.read_page, chunk.take_page)
        else:
            return False
        return True

    @property
    def _wants_more(self) -> bool:
        return not self._closing and self._hands.wants_more(self._width)

    def _write(self, batches: list[Batch]) -> None:
        entry = self._books.entry(self._hands.chunks, batches)
        self._hands.forget(entry.done)
        self._beginning = sum(len(slots) for _, slots in batches)
        self._clerk.begin(lambda: self._books.write(entry), lambda begun: self._begin(batches, begun))

    def _begins_at(self, least: int) -> float:
        """A reading of time.monotonic(): when the next intents are written; infinity without any."""
        if len(self._begun) >= self._width:
            return math.inf
        many = self._granted.due >= least or not self._begun
        return max(self._granted.due_at, self._written_at + (_PATIENCE if many else _IMPATIENCE))

    @property
    def _free(self) -> int:
        """Connections that nothing is meant for."""
        return self._width - len(self._begun) - self._beginning - self._granted.due

    def _grant(self, least: int) -> bool:
        """Let the limits grant what may go next, once that many connections are free; whether they did."""
        free = self._free
        if self._closing or free < least:
            return False
        if self._unreachable:  # unless one of those that have begun tells otherwise
            if not self._begun and not self._granted:
                self._close(_UNREACHABLE_REST)
            return False
        before = free
        for chunk in sorted(self._hands.chunks, key=lambda chunk: not chunk.paced):
            if slots := self._granted_of(chunk, free):
                free -= len(slots)
                self._granted.add(chunk, slots)
                self._departures.grant(slots)
        return free < before

    def _granted_of(self, chunk: ChunkInHand, free: int) -> list[Slot]:
        """What may go next of one chunk, as far as there are connections for it."""
        now = time.monotonic()
        most = min(free, max(1, self._width // _SHARE_OF_A_LANE)) if chunk.paced else free
        if chunk.lease.one_by_one:
            most = min(most, 1 - chunk.under_way)
        if chunk.waits_until > now or chunk.granted_until > now + _AHEAD:
            return []
        while chunk.waiting < most and chunk.prepare_one():
            pass
        slots = chunk.grant(self._means.limiter, most, _HORIZON)
        if chunk.paced and not slots and chunk.waits_until > now + _LONGEST_WAIT:
            chunk.leave(chunk.waits_until - now)
        return slots

    def _begin(self, batches: list[Batch], begun: list[set[int] | None]) -> None:
        """What the intents allowed has begun; the rest isn't ours any more, or may not go."""
        self._written_at, self._beginning = time.monotonic(), 0
        for (chunk, slots), ids in zip(batches, begun, strict=True):
            if ids is None:
                chunk.leave()
                self._books.note_news()
            for _, ready in slots:
                message_id = ready.due.message_id
                if not ids or message_id not in ids:
                    chunk.under_way -= 1
                    self._departures.refuse(message_id)
                    continue
                self._begun[message_id] = chunk, ready
                self._departures.begin(message_id)
                if ready.failure is not None:
                    self._answered(ready.failure)

    def _prepare_ahead(self) -> bool:
        """Render one message while others are on their way; whether there was one to render."""
        return not self._closing and any(
            chunk.prepare_one()
            for chunk in self._hands.chunks
            if chunk.waiting < self._width and not chunk.lease.one_by_one
        )

    def _quiet_for(self) -> float:
        """Seconds until there may be something to do, if nothing is answered before."""
        now = time.monotonic()
        moments = [now + (_CLERK_EVERY if self._clerk.busy else _LOOK_EVERY)]
        for chunk in self._hands.chunks:
            free_at = max(chunk.waits_until, chunk.granted_until - _AHEAD)
            if not chunk.left and free_at > now:  # else it waits for a connection
                moments.append(free_at)
        if (next_at := self._departures.next_at) is not None:
            moments.append(next_at)
        if not self._clerk.busy:
            moments.append(self._begins_at(self._width // _IDLE_SHARE))
        if (overdue := self._books.overdue_in()) is not None:
            moments.append(now + overdue)
        return max(0.0, min(moments) - now)
