"""Retention, and strikes of our own dialogues, from a worker: once an hour, a moment at a time, after
everything that is urgent.
"""

import time

from dispatcher.house import House
from dispatcher.usecases.feedback.strikes import count_own_refusals
from dispatcher.usecases.retention.run import run

_EVERY = 3600.0  # seconds
_AT_A_TIME = 0.3  # seconds: a sweep that takes longer delays messages that are due


class Broom:
    """One a process."""

    def __init__(self, at_a_time: float = _AT_A_TIME) -> None:
        self._at_a_time = at_a_time
        self._next_at = self._counts_at = 0.0  # readings of time.monotonic()

    def sweep(self, house: House) -> None:
        """Count what servers refused, and delete what has been kept long enough; what there is no time for
        now is left to the next sweep.
        """
        if time.monotonic() >= self._counts_at:
            self._counts_at = time.monotonic() + _EVERY
            count_own_refusals(house)
        if time.monotonic() >= self._next_at:
            self._next_at = time.monotonic() + _EVERY
            if run(house, self._at_a_time).more:
                self._next_at = 0.0


broom = Broom()
