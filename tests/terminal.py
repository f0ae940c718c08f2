"""`dispatch` before a real terminal (a pty): what it shows, what is typed, Ctrl-C."""

import contextlib
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

_ANSWERS_WITHIN = 60.0  # seconds
_PATIENCE = 5.0  # seconds before Ctrl-C is pressed again
_PRESSES = 4
_CTRL_C = b"\x03"
# The process itself makes the terminal its own: a fork here could carry threads' locks over. Ctrl-C is
# ignored by what a shell has started in its background, as it may have started the tests; here it isn't.
_START = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.login_tty(0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    """A person at a terminal in which `dispatch` runs."""

    def __init__(self, keyboard: int, process: "subprocess.Popen[bytes]") -> None:
        self._keyboard = keyboard
        self._process = process
        self.shown = ""
        self._read_to = 0

    def wait_for(self, words: str) -> None:
        """Return once these words have been shown after the last ones; fail with what was shown instead."""
        end = time.monotonic() + _ANSWERS_WITHIN
        while (found := self.shown.find(words, self._read_to)) < 0:
            assert self._read(end - time.monotonic()), f"{words!r} was not shown, but:\n{self.shown}"
        self._read_to = found + len(words)

    def type(self, line: str) -> None:
        """Type a line, with Enter at its end."""
        os.write(self._keyboard, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._keyboard, _CTRL_C)

    def interrupt_until(self, words: str) -> None:
        """Press Ctrl-C until these words are shown.

        One that comes in the moment before Python begins to read a line isn't noticed until more is typed.
        """
        for _ in range(_PRESSES):
            self.interrupt()
            end = time.monotonic() + _PATIENCE
            while self._read(end - time.monotonic()):
                if words in self.shown[self._read_to :]:
                    return
        self.wait_for(words)

    def end(self) -> int:
        """Read to the end; the exit code."""
        end = time.monotonic() + _ANSWERS_WITHIN
        while self._read(end - time.monotonic()):
            pass
        try:
            return self._process.wait(max(1.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it didn't end, and had shown:\n{self.shown}") from None

    def _read(self, within: float) -> str:
        """What is shown next; nothing when the process has ended, or was silent for too long."""
        if not select.select([self._keyboard], [], [], max(0.0, within))[0]:
            return ""
        try:
            more = os.read(self._keyboard, 65536).decode(errors="replace")
        except OSError:  # Linux's way to say that the other end was closed
            return ""
        self.shown += more
        return more


@contextlib.contextmanager
def at_terminal(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """`dispatch` with these arguments; killed at the end if it still runs."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _START, "-P", "-m", "dispatcher", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200", **(env or {})},
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
