"""One process of the pool: what it keeps open, and when it leaves.

Everything is opened in the child, at its first task, and again after that failed: no connection is carried
over a fork.

A child whose main process was killed finishes the mini-batch in its hands, so that nothing becomes
uncertain, and goes. (Celery would have the kernel kill it with its parent; we take that back.) The same on
SIGTERM, which a service manager may send to every process of a group.
"""

import os
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Concatenate, NoReturn, ParamSpec

from dispatcher.channels.choose import choose_sender
from dispatcher.crew import Crew, Seat
from dispatcher.house import open_house
from dispatcher.limiter import Limiter
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.settings import load_settings
from workers.shared import shared
from workers.trouble import Trouble

P = ParamSpec("P")

_LOOK_EVERY = 1.0  # seconds
_RESULT_LEAVES_WITHIN = 0.2


class Tools:
    """What a process sends with, opened together and kept."""

    def __init__(self) -> None:
        self.settings = load_settings()
        self.house = open_house(self.settings)
        self.crew = Crew(redis_of(self.settings))
        self.limiter = Limiter(redis_of(self.settings))
        self.senders = {channel: choose_sender(self.settings, channel) for channel in Channel}

    def close(self) -> None:
        """Say goodbye to providers, Redis and the database."""
        for sender in self.senders.values():
            sender.close()
        self.limiter.close()
        self.crew.close()
        self.house.db.close()


class Child:
    """The process, as one of the pool's. Made in the main process and empty until the first task."""

    def __init__(self) -> None:
        self._tools: Tools | None = None
        self._troubles: defaultdict[str, Trouble] = defaultdict(Trouble)
        self._watching = False
        self._leaving = threading.Event()
        self._at_work = threading.Lock()

    def work(self, name: str, task: Callable[[Tools], None]) -> None:
        """Do a task. What goes wrong is logged, once by that `name`, and forgotten: the timer brings the next
        try.
        """
        trouble = self._troubles[name]
        with self._at_work:
            try:
                task(self._open())
            except Exception as error:  # noqa: BLE001 - Celery would log its words, which may hold an address
                trouble.met(error)
            else:
                trouble.over()
            if _orphaned():
                self._leave()  # the pool would try to tell the main process

    def stop_at(self, seat: Seat) -> Callable[[], bool]:
        """What a turn asks between mini-batches: whether to end now. Our seat is kept meanwhile."""

        def stop() -> bool:
            seat.keep()
            return self.stopping()

        return stop

    def stopping(self) -> bool:
        """Whether this process is to end its turn."""
        return bool(shared.stopping.value) or self._leaving.is_set()

    def close(self) -> None:
        """Close what is open, if anything."""
        if self._tools is not None:
            self._tools.close()
            self._tools = None

    def _open(self) -> Tools:
        if not self._watching:
            self._watch_for_leaving()
            self._watching = True
        if self._tools is None:
            self._tools = Tools()
        return self._tools

    def _watch_for_leaving(self) -> None:
        """At the first task, not after the fork: the pool sets its own signal handlers then."""
        from billiard.util import set_pdeathsig

        try:
            set_pdeathsig(0)
        except OSError:
            pass  # not Linux: nothing to take back
        signal.signal(signal.SIGTERM, lambda *_: self._leaving.set())
        threading.Thread(target=self._leave_in_time, name="leave", daemon=True).start()

    def _leave_in_time(self) -> None:
        while not self._leaving.wait(_LOOK_EVERY):
            if _orphaned():
                self._leaving.set()
        with self._at_work:
            time.sleep(_RESULT_LEAVES_WITHIN)  # the main process should hear that the task is over
            self._leave()

    def _leave(self) -> NoReturn:
        self.close()
        os._exit(0)


child = Child()


def in_child(task: Callable[Concatenate[Tools, P], None]) -> Callable[P, None]:
    """Have a task done by this process, which gives it its tools as the first argument."""

    def run(*arguments: P.args, **options: P.kwargs) -> None:
        name = " ".join((task.__name__, *map(str, arguments)))
        child.work(name, lambda tools: task(tools, *arguments, **options))

    run.__name__, run.__doc__, run.__module__ = task.__name__, task.__doc__, task.__module__
    return run


def _orphaned() -> bool:
    return os.getppid() != shared.main_pid
