"""A turn's work in the database, in a thread of its own: messages go on leaving while a commit waits for its
disk.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Clerk:
    """Does one piece of work at a time. What it says afterwards is heard in the turn's own thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "clerk")
        self._work: Future[Any] | None = None
        self._then: Callable[[Any], None] = lambda _: None

    @property
    def busy(self) -> bool:
        """Whether there is work whose outcome hasn't been heard."""
        return self._work is not None

    def begin(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Have work done, and `then` called with its outcome once `hear` finds it."""
        assert self._work is None
        self._then = then
        self._work = self._thread.submit(work)

    def hear(self) -> None:
        """Take in the outcome of work that is done; raises what it raised."""
        if self._work is not None and self._work.done():
            done, self._work = self._work, None
            self._then(done.result())

    def close(self) -> None:
        """Wait for what is under way, and end."""
        self._thread.shutdown()
