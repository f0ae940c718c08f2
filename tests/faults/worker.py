"""A worker of a scene: its main process and the pool's, which can be killed, frozen and stopped."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from servers.processes import alive, children_of, kill, wait_until

_ENDS_WITHIN = 30  # seconds


class Worker:
    """`with Worker(...)`: whatever of it still runs at the end is killed, orphans too."""

    def __init__(
        self, environment: Mapping[str, str], log: Path, concurrency: int, program: Sequence[str]
    ) -> None:
        self._log = log
        self._concurrency = concurrency
        self._command = [sys.executable, "-P", *program, f"--concurrency={concurrency}"]
        self._environment = environment

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a group of its own, as a terminal or a service manager gives it
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._signal_group(signal.SIGKILL)
        self._process.wait(_ENDS_WITHIN)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether its main process runs."""
        return self._process.poll() is None

    @property
    def words(self) -> str:
        """What workers of this scene have logged."""
        return self._log.read_text()

    def children(self) -> list[int]:
        """The pool's processes that are alive; none when the worker isn't."""
        try:
            return children_of(self.pid)
        except FileNotFoundError:
            return []

    def kill_a_child(self, chance: random.Random) -> None:
        """As kill -9: one of the pool's processes that live, by chance."""
        wait_until(self.children, _ENDS_WITHIN)
        child = chance.choice(sorted(self.children()))
        kill(child)
        wait_until(lambda: not alive(child), _ENDS_WITHIN)

    def kill(self) -> int:
        """As kill -9: everything at once; how many of its processes could send."""
        children = self.children()
        self._signal_group(signal.SIGKILL)
        self.ended()
        return len(children)

    def kill_main_process(self) -> None:
        """As kill -9: the one that sends nothing, and leave its children alone."""
        self._process.kill()

    def freeze(self) -> None:
        """SIGSTOP: nothing of it runs until `thaw`; no process can tell that time passes."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_group(signal.SIGCONT)

    def press_ctrl_c(self) -> None:
        """SIGINT to the whole group, as a terminal sends it."""
        self._signal_group(signal.SIGINT)

    def send(self, number: signal.Signals) -> None:
        """Signal the main process, as a service manager does."""
        self._process.send_signal(number)

    def stop(self) -> int:
        """SIGTERM, and how it ended."""
        self.send(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end, and for that of every process of its pool; the exit code."""
        code = self._process.wait(_ENDS_WITHIN)
        wait_until(lambda: not self._group_lives(), _ENDS_WITHIN)
        return code

    def _group_lives(self) -> bool:
        return any(alive(int(entry.name)) and _group_of(entry) == self.pid for entry in _processes())

    def _signal_group(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass  # all of it has gone


def _processes() -> list[Path]:
    return list(Path("/proc").glob("[0-9]*"))


def _group_of(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[2])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has ended meanwhile
