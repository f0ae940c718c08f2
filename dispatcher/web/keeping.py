"""What an installation without a Redis of its own needs while the site runs: its server, and now and then a
worker, for the messages that the site has queued.
"""

import logging
import threading

from dispatcher.embedded import Embedded
from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.usecases.feedback.applying import events_due
from dispatcher.usecases.notices.waiting import anything_due

log = logging.getLogger("dispatcher.web")

_EVERY = 1.0  # seconds


class Keeper:
    """A thread that replaces what was killed; it does nothing at all where Redis was set."""

    def __init__(self, house: House, embedded: Embedded, *, every: float = _EVERY) -> None:
        self._house = house
        self._embedded = embedded
        self._every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._said: str | None = None

    def start(self) -> None:
        """Begin, where there is something to keep."""
        if self._embedded.wanted:
            self._thread.start()

    def stop(self) -> None:
        """End; a look that is under way is waited for, as the server mustn't be started once more after
        it.
        """
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            try:
                self.look()
                self._said = None
            except DispatchError as error:
                if error.code != self._said:
                    log.warning("%s", error)
                self._said = error.code

    def look(self) -> None:
        """Keep the server up, and have a worker started if a notice is due, or what a provider told.

        Raises DispatchError.
        """
        if self._embedded.homeless:
            return
        self._embedded.ensure_server()
        if anything_due(self._house) or events_due(self._house):
            self._embedded.ensure_worker()
