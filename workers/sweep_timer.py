"""The timer of a worker: each second it says that the worker lives, and has somebody sweep.

It runs in the worker's main process, so correctness needs no scheduler: while one worker lives, whatever
is due is found within about a second, also when every wake-up was lost.
"""

import logging
import os
import signal
import threading
from typing import Any

from celery import bootsteps

from dispatcher.crew import Crew, this_worker
from dispatcher.embedded import Embedded
from dispatcher.queue import ask_for_sweep
from dispatcher.redis_client import redis_of
from dispatcher.settings import Settings
from workers.shared import shared
from workers.trouble import Trouble

log = logging.getLogger("dispatcher.worker")

_EVERY = 1.0  # seconds
_IDLE_ENDS_AFTER = 3.0


class SweepTimer(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """A Celery bootstep: `app.Worker(settings=..., embedded=...)` hands over what it needs."""

    requires = ("celery.worker.components:Pool",)  # no thread before the first children are forked

    def __init__(self, worker: Any, settings: Settings, embedded: Embedded, **_options: Any) -> None:
        super().__init__(worker)
        self._settings = settings
        self._embedded = embedded
        self._ended = threading.Event()
        self._trouble = Trouble()

    def start(self, worker: Any) -> None:
        """Begin to tick, at once and then each second."""
        self._crew = Crew(redis_of(self._settings))
        self._me = this_worker(worker.concurrency)
        self._thread = threading.Thread(target=self._run, name="sweep timer", daemon=True)
        self._thread.start()
        log.info("Worker started: %d processes, queue %s.", worker.concurrency, redis_of(self._settings))

    def stop(self, worker: Any) -> None:
        """Tick no longer; the worker is counted as gone."""
        self._ended.set()
        self._thread.join()
        try:
            self._crew.say_gone(self._me)
        except Exception as error:  # noqa: BLE001 - a worker stops, whatever else is wrong
            self._trouble.met(error)
        self._crew.close()
        log.info("Worker stops.")

    terminate = stop

    def _run(self) -> None:
        while True:
            try:
                self._tick()
            except Exception as error:  # noqa: BLE001 - nothing may end the timer: it brings every next try
                self._trouble.met(error)
            else:
                self._trouble.over()
            if self._ended.wait(_EVERY):
                return

    def _tick(self) -> None:
        if self._embedded.homeless:
            self._crew.end_server()  # nobody else will find it: its folder was deleted
            self._end_worker()
            return
        if shared.until_idle and shared.idle_for > _IDLE_ENDS_AFTER:
            self._end_worker()
        self._embedded.ensure_server()
        self._crew.say_alive(self._me)
        if self._crew.may_sweep():
            ask_for_sweep(self._settings)

    def _end_worker(self) -> None:
        if not shared.stopping.value:
            os.kill(os.getpid(), signal.SIGTERM)
