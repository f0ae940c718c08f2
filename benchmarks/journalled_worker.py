"""A worker whose processes also write down what the limiter grants them.

Run as `python -P journalled_worker.py FOLDER` and the worker's options. Each process adds a line for each
slot to a file of its own: the slot in microseconds of Redis's clock, and its units.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dispatcher.limiter import Grant, Lane, Limiter
from workers.__main__ import main


def journal_grants(folder: Path) -> None:
    """Have every limiter of this process and its children write down its grants."""
    reserve = Limiter.reserve

    def reserved(
        self: Limiter, lanes: Sequence[Lane], costs: Sequence[int], *rest: Any, **options: Any
    ) -> Grant:
        grant = reserve(self, lanes, costs, *rest, **options)
        with (folder / f"grants.{os.getpid()}").open("a") as journal:
            for delay, units in zip(grant.delays, costs, strict=False):
                journal.write(f"{round((grant.at + delay) * 1e6)} {units}\n")
        return grant

    Limiter.reserve = reserved  # type: ignore[method-assign]


if __name__ == "__main__":
    journal_grants(Path(sys.argv.pop(1)))
    main()
