"""Run `dispatch` as people do: in a process of its own, in the test's folder."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_LONGEST = 90  # seconds a command may take


@dataclass(frozen=True, slots=True)
class Done:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one JSON object on stdout."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its JSON lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


def dispatch(*arguments: str, env: Mapping[str, str] | None = None, given: str = "") -> Done:
    """One command to its end, without a terminal; `given` is its standard input."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "dispatcher", *arguments],
        env=os.environ | (env or {}),
        input=given,
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def dispatched(*arguments: str, env: Mapping[str, str] | None = None, given: str = "") -> Done:
    """Like `dispatch`, and it must have gone well."""
    done = dispatch(*arguments, env=env, given=given)
    assert done.code == 0, f"dispatch {' '.join(arguments)}: {done.code}\n{done.out}\n{done.err}"
    return done


@contextmanager
def worker(env: Mapping[str, str], concurrency: int = 2) -> Iterator["subprocess.Popen[str]"]:
    """A worker of its own, stopped by SIGTERM at the end if it still lives."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "workers", f"--concurrency={concurrency}"],
        env=os.environ | env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def until(holds: Callable[[], object], what: str, seconds: float = 45) -> None:
    """Look again until something holds; fail with its name when it doesn't within a bound."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.05)
