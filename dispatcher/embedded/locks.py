"""Locks that end with the processes that hold them."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from dispatcher.errors import EmbeddedServerFailed

_LOOK_EVERY = 0.02  # seconds


class Lock:
    """A held flock on a file. It belongs to the open file: who inherits `descriptor` holds it too, and it
    ends when the last of them has closed it or died.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def attempt(cls, path: Path, *, shared: bool = False) -> Self | None:
        """The lock, unless somebody else's is in the way."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    @classmethod
    def take(cls, path: Path, *, shared: bool, within: float) -> Self:
        """The lock, as soon as it is free. Raises EmbeddedServerFailed after `within` seconds."""
        end = time.monotonic() + within
        while (lock := cls.attempt(path, shared=shared)) is None:
            if time.monotonic() > end:
                raise EmbeddedServerFailed(
                    reason=f"{path} stayed locked for {within:g} seconds", log=path.parent
                )
            time.sleep(_LOOK_EVERY)
        return lock

    def share(self) -> None:
        """Let others hold it too."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        """Close our end of it."""
        os.close(self.descriptor)

    @property
    def in_place(self) -> bool:
        """Whether the file is still where it was: not when its folder was deleted under us."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self.descriptor))
        except FileNotFoundError:
            return False
