"""Visits are answered at once and written down a moment later, many in one transaction.

Should the site die, the last half second isn't counted: nobody waits for a count.
"""

import logging
import queue
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.usecases.clicks.recording import Opened, record_visits

log = logging.getLogger("dispatcher.web")

_EVERY = 0.5  # seconds
_AT_ONCE = 500  # in one transaction
_WAITING = 20_000  # more than these aren't counted: a flood must not fill the memory


class VisitBook:
    """A thread that writes what the pages note."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._noted: queue.Queue[Opened] = queue.Queue(_WAITING)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)

    def note(self, visit: Opened) -> None:
        """Count it soon."""
        try:
            self._noted.put_nowait(visit)
        except queue.Full:
            pass  # the pages still lead on

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """What was noted before the end is written at the end."""
        self._thread.start()
        yield
        self._ended.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._ended.wait(_EVERY):
            self._write()
        self._write()

    def _write(self) -> None:
        while visits := [self._noted.get_nowait() for _ in range(min(_AT_ONCE, self._noted.qsize()))]:
            try:
                with self._house.db.transaction() as session:
                    record_visits(session, visits)
            except DispatchError as error:
                log.warning("%d visits couldn't be counted: %s.", len(visits), error.code)
            except Exception as error:  # noqa: BLE001 - a book that ends at its first trouble is none
                log.warning("%d visits couldn't be counted (%s).", len(visits), type(error).__name__)
