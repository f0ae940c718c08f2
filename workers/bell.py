"""Alarms from a worker: it looks around now and then, and tells in a thread of its own."""

import logging
import threading
import time

from dispatcher.house import House
from dispatcher.usecases.alarms.conditions import look_around
from dispatcher.usecases.alarms.tell import something_to_tell, tell

log = logging.getLogger("dispatcher.worker")

_LOOK_EVERY = 10.0  # seconds


class Bell:
    """One a process. Ringing takes a moment; whoever is told may take as long as they like."""

    def __init__(self) -> None:
        self._looked_at = 0.0  # a reading of time.monotonic()
        self._telling: threading.Thread | None = None

    def ring(self, house: House) -> None:
        """Look around if it is time to, and have whatever was noted told."""
        now = time.monotonic()
        if not self._looked_at or now - self._looked_at >= _LOOK_EVERY:
            self._looked_at = now
            look_around(house)
        if not self._is_telling() and something_to_tell(house):
            self._telling = threading.Thread(target=_tell, args=(house,), name="alarms", daemon=True)
            self._telling.start()

    def _is_telling(self) -> bool:
        return self._telling is not None and self._telling.is_alive()


def _tell(house: House) -> None:
    try:
        for failure in tell(house):
            log.warning(
                "An alarm couldn't be told by %s: %s. It is tried again.", failure.way, failure.problem
            )
    except Exception as error:  # noqa: BLE001 - its words could hold an address
        log.warning("Alarms couldn't be told (%s); the next sweep tries again.", type(error).__name__)


bell = Bell()
