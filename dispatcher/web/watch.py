"""The site watches over the workers: it lives on when none of them does."""

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from dispatcher.house import House
from dispatcher.usecases.alarms.lookout import Lookout

log = logging.getLogger("dispatcher.web")

_EVERY = 15.0  # seconds


class Watch:
    """A thread that looks every few seconds, for as long as the site runs."""

    def __init__(
        self, house: House, *, every: float = _EVERY, closes: Callable[[], object] = lambda: None
    ) -> None:
        """`closes`: what to call when the site ends."""
        self._lookout = Lookout(house)
        self._closes = closes
        self._every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """What Starlette calls around the life of the app. A look that is under way isn't waited for."""
        self._thread.start()
        yield
        self._ended.set()
        self._closes()

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            try:
                for failure in self._lookout.look():
                    log.warning("An alarm couldn't be told by %s: %s.", failure.way, failure.problem)
            except Exception as error:  # noqa: BLE001 - a watch that ends at its first trouble is none
                log.warning("The watch met a trouble (%s) and goes on.", type(error).__name__)
