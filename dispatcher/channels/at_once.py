"""Several messages on their way at once, a thread each: what senders over a network share."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue

from dispatcher.channels.base import Outcome, Result, out_of_time
from dispatcher.channels.feed import Fed, Feed
from dispatcher.rules.rendered import Rendered
from dispatcher.rules.urls import ServiceUrl

HandOver = Callable[[Rendered], Outcome]


class Threads:
    """At most `width` hand-overs at a time; the threads are started when needed and kept until `close`."""

    def __init__(self, width: int, name: str) -> None:
        self._width = width
        self._name = name
        self._pool: ThreadPoolExecutor | None = None

    def each(self, batch: Iterable[Fed], hand_over: HandOver, stop_at: float) -> Iterator[Outcome]:
        """Call `hand_over` for each message and yield the answers as they come, in any order.

        The batch is read in the caller's thread, and a message begins the moment it is read: a batch that
        paces itself sets the pace. None is begun after `stop_at` (time.monotonic()).
        """
        pool = self._pool = self._pool or ThreadPoolExecutor(self._width, self._name)
        answered: SimpleQueue[Future[Outcome]] = SimpleQueue()
        feed, under_way = Feed(batch), 0
        while True:
            while under_way < self._width and (message := feed.next_message()) is not None:
                pool.submit(_answer_for, message, hand_over, stop_at).add_done_callback(answered.put)
                under_way += 1
            if feed.ended and not under_way:
                return
            may_begin = under_way < self._width and not feed.ended
            try:
                future = answered.get(timeout=feed.quiet_for if may_begin else None)
            except Empty:
                continue
            under_way -= 1
            feed.answered()
            yield future.result()

    def close(self) -> None:
        """Let what is under way finish and end the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def _answer_for(message: Rendered, hand_over: HandOver, stop_at: float) -> Outcome:
    if time.monotonic() >= stop_at:
        return out_of_time(message)
    try:
        return hand_over(message)
    except Exception as error:  # noqa: BLE001 - a fault of ours mid-way: nobody knows whether it was taken
        return Outcome(message.message_id, Result.UNCERTAIN, f"fault {type(error).__name__}")


def connections_of(url: ServiceUrl) -> int:
    """`?connections=`: how many at once, 8 unless given; ValueError when it isn't 1 to 200."""
    given = url.options.get("connections", "8")
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 200:
        raise ValueError(f"has connections={given}; it can be 1 to 200")
    return int(given)
