"""What a worker's main process and its children tell each other, in memory that they share.

Made when this module is imported, in the main process, before the first fork.
"""

import os
import time
from ctypes import c_bool, c_double
from multiprocessing.sharedctypes import RawValue


class Shared:
    """Each value has one byte or word and needs no lock; a signal handler may set it."""

    def __init__(self) -> None:
        self.main_pid = os.getpid()
        self.stopping = RawValue(c_bool, False)
        self._idle_since = RawValue(c_double, 0.0)  # a reading of time.monotonic(), the same in every process
        self.until_idle = False  # set before the fork
        self.warm = False  # only the main process looks at it

    def note_idle(self, *, idle: bool) -> None:
        """Note what a sweep found: whether anything at all is left to do."""
        if not idle:
            self._idle_since.value = 0.0
        elif not self._idle_since.value:
            self._idle_since.value = time.monotonic()

    @property
    def idle_for(self) -> float:
        """Seconds since sweeps began to find nothing to do; 0 while there is something, or nobody has
        looked.
        """
        since = float(self._idle_since.value)
        return time.monotonic() - since if since else 0.0


shared = Shared()
