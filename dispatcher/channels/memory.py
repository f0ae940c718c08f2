"""The sender that keeps messages in memory and answers as told: for tests of whatever sends."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from dispatcher.channels.at_once import Threads
from dispatcher.channels.base import Health, Outcome, Result
from dispatcher.channels.feed import Fed
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered


class Point(StrEnum):
    """Where a crash hurts differently."""

    BEFORE = "before"  # nothing was handed over
    TAKEN = "taken"  # handed over, and the answer isn't back


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider answers one attempt. An accepted message is kept, others aren't unless `taken`."""

    result: Result
    code: str = ""
    detail: str = ""
    retry_after: float | None = None
    taken: bool = False  # an UNCERTAIN message that arrived all the same


class MemorySender:
    """Keeps what it took in `taken`. `at` is called with each Point and message, and may kill the process."""

    practice = False
    handles_stop = False
    echoes_our_id = False

    def __init__(
        self,
        channel: Channel,
        *,
        connections: int = 8,
        latency: float = 0.0,
        beyond_loopback: bool = False,
        at: Callable[[Point, Rendered], None] | None = None,
    ) -> None:
        self.channel = channel
        self.connections = connections
        self.beyond_loopback = beyond_loopback
        self.latency = latency  # seconds that the provider takes to answer
        self.health = Health(ok=True, words="keeps messages in memory")
        self.taken: list[Rendered] = []
        self._at = at
        self._answers: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self._threads = Threads(connections, "memory")

    @property
    def name(self) -> str:
        return f"memory ({self.channel})"

    @property
    def recipients(self) -> list[str]:
        """Everybody who got a message, in order, once for each."""
        return [message.to for message in self.taken]

    def answer(self, to: str, *answers: Answer | Result) -> None:
        """Answer the next attempts for `to` with these, one each; afterwards everything is accepted."""
        self._answers[to].extend(a if isinstance(a, Answer) else Answer(a) for a in answers)

    def send(self, batch: Iterable[Fed], stop_at: float) -> Iterator[Outcome]:
        """As Sender.send."""
        return self._threads.each(batch, self._hand_over, stop_at)

    def check(self) -> Health:
        return self.health

    def close(self) -> None:
        self._threads.close()

    def _hand_over(self, message: Rendered) -> Outcome:
        self._reached(Point.BEFORE, message)
        time.sleep(self.latency)
        answers = self._answers[message.to]
        answer = answers.popleft() if answers else Answer(Result.ACCEPTED)
        ref = ""
        if answer.taken or answer.result is Result.ACCEPTED:
            self.taken.append(message)
            ref = f"memory-{len(self.taken)}"
            self._reached(Point.TAKEN, message)
        outcome = Outcome(message.message_id, answer.result, answer.code, answer.detail)
        known = ref if answer.result is Result.ACCEPTED else ""
        return replace(outcome, provider_ref=known, retry_after=answer.retry_after)

    def _reached(self, point: Point, message: Rendered) -> None:
        if self._at is not None:
            self._at(point, message)
