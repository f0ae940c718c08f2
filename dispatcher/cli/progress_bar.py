"""A bar on stderr while an alert is being sent: counts by status, rate, time left."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dispatcher.rules.moves import Status
from dispatcher.usecases.status import Progress

_TO_COME = (Status.QUEUED, Status.SENDING)


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Yield what shows a look at the alert. Without a terminal on stderr it shows nothing."""
    if not sys.stderr.isatty():
        yield lambda _now_at: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = ("{task.completed:,.0f} of {task.total:,.0f}", "{task.fields[counts]}", "{task.fields[rate]}")
    bar = Bar(
        BarColumn(bar_width=30),
        *map(TextColumn, columns),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    began, gone_before = time.monotonic(), 0

    def show(now_at: Progress) -> None:
        nonlocal gone_before
        gone = now_at.total - now_at.count(*_TO_COME)
        if not bar.tasks:
            bar.add_task("", total=now_at.total, counts="", rate="")
            bar.start()
            gone_before = gone
        rate = f"{(gone - gone_before) / max(1.0, time.monotonic() - began):,.0f}/s"
        (task,) = bar.task_ids
        bar.update(task, total=now_at.total, completed=gone, counts=counts_in_words(now_at), rate=rate)

    try:
        yield show
    finally:
        bar.stop()


def counts_in_words(now_at: Progress) -> str:
    """`180 sent, 2 failed`: every status that has any, but the ones that are still to come."""
    numbers = {status: now_at.count(status) for status in Status if status not in _TO_COME}
    return ", ".join(f"{number:,} {status}" for status, number in numbers.items() if number)
