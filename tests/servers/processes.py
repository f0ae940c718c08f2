"""Processes that tests start, watch and kill, each by its own number."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

_LOOK_EVERY = 0.05  # seconds


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and only waits for its parent doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], object], within: float = 60.0) -> None:
    """Return once `condition` holds; fail after `within` seconds."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, f"not within {within} seconds"
        time.sleep(_LOOK_EVERY)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    words = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [child for child in map(int, words.split()) if alive(child)]


@contextlib.contextmanager
def running(
    *arguments: str, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Python with these arguments, killed at the end if it still runs; its words go to a pipe or to `log`."""
    with contextlib.ExitStack() as files:
        words = files.enter_context(log.open("ab")) if log else subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=words,
            stderr=words if log else None,
            env=environment,
        )
    with process:
        try:
            yield process
        finally:
            process.kill()


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a process that may have gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
