"""How soon the command line answers, beside Python and SQLAlchemy alone."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from figures import Figure
from installation import Installation
from loopback import redis
from sizes import Sizes

_DISPATCH = str(Path(sys.executable).with_name("dispatch"))


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Each command's median as a ratio to the least that it could take."""
    with redis() as queue:
        ours = Installation(folder, f"sqlite:///{folder}/dispatch.db", queue)
        ours.add_people(100)
        ours.send()
        took = _medians(
            {
                "python": [sys.executable, "-c", ""],
                "import sqlalchemy": [sys.executable, "-c", "import sqlalchemy"],
                "--help": [_DISPATCH, "--help"],
                "a mistyped command": [_DISPATCH, "sned"],
                "status": [_DISPATCH, "status"],
            },
            sizes.starts,
            ours,
        )
    beside = (("--help", "python"), ("a mistyped command", "python"), ("status", "import sqlalchemy"))
    for command, bare in beside:
        words = f"{took[command] * 1000:.0f} ms / {took[bare] * 1000:.0f} ms"
        yield Figure("startup", f"dispatch, {command} / {bare}", took[command] / took[bare], words)


def _medians(commands: dict[str, Sequence[str]], times: int, ours: Installation) -> dict[str, float]:
    """Seconds that each takes, run in turn so that all meet the same machine."""
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(times + 1):
        for name, command in commands.items():
            began = time.monotonic()
            subprocess.run(command, env=ours.env, cwd=ours.folder, capture_output=True, check=False)
            took[name].append(time.monotonic() - began)
    return {name: statistics.median(seconds[1:]) for name, seconds in took.items()}  # the first one warms up
