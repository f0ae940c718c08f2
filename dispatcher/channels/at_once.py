"""Several messages on their way at once, a thread each: what senders over a network share."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue

from dispatcher.channels.base import OUT_OF_TIME, Outcome, Result
from dispatcher.rules.rendered import Rendered
from dispatcher.rules.urls import ServiceUrl

HandOver = Callable[[Rendered], Outcome]


class Threads:
    """At most `width` hand-overs at a time; the threads are started when needed and kept until `close`."""

    def __init__(self, width: int, name: str) -> None:
        self._width = width
        self._name = name
        self._pool: ThreadPoolExecutor | None = None

    def each(self, batch: Iterable[Rendered], hand_over: HandOver, stop_at: float) -> Iterator[Outcome]:
        """Call `hand_over` for each message and yield the answers as they come, in any order.

        The batch is read in the caller's thread, and a message begins the moment it is read: a batch that
        paces itself sets the pace. None is begun after `stop_at` (time.monotonic()).
        """
        pool = self._pool = self._pool or ThreadPoolExecutor(self._width, self._name)
        answered: SimpleQueue[Future[Outcome]] = SimpleQueue()
        messages = iter(batch)

        def begin(count: int) -> int:
            begun = 0
            for message in islice(messages, count):
                future = pool.submit(_answer_for, message, hand_over, stop_at)
                future.add_done_callback(answered.put)
                begun += 1
            return begun

        under_way = begin(self._width)
        while under_way:
            outcome = answered.get().result()
            under_way += begin(1) - 1
            yield outcome

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


def out_of_time(message: Rendered) -> Outcome:
    """The answer for a message that there was no time to begin."""
    return Outcome(message.message_id, Result.RETRY, OUT_OF_TIME)


def connections_of(url: ServiceUrl) -> int:
    """`?connections=`: how many at once, 8 unless given; ValueError when it isn't 1 to 200."""
    given = url.options.get("connections", "8")
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 200:
        raise ValueError(f"has connections={given}; it can be 1 to 200")
    return int(given)
