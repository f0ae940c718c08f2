"""`python -P -m workers`: one worker, until it is stopped. `dispatch worker` runs this.

`-P` keeps a folder called `workers` in the working folder from being taken for us.
"""

import contextlib
import logging
import os
import socket
import sys
import warnings

import click

from dispatcher.embedded import Embedded
from dispatcher.errors import DispatchError
from dispatcher.house import open_house
from dispatcher.settings import Settings, load_settings

_FEWEST_PROCESSES = 2  # so that neither channel waits for the other's limit


@click.command()
@click.option(
    "--concurrency", type=click.IntRange(min=1), help="Processes. Default: one a processor, at least 2."
)
@click.option("--until-idle", is_flag=True, help="End once there is nothing left to send.")
@click.option(
    "--inherited", hidden=True, default="", help="Open files of the locks that our starter took for us."
)
def main(concurrency: int | None, until_idle: bool, inherited: str) -> None:
    """Run a worker that sends, until SIGTERM or Ctrl-C: it finishes the mini-batch in its hands and stops."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("dispatcher").setLevel(logging.INFO)
    try:
        settings = load_settings()
        _look_over(settings)
        with Embedded(settings, [int(lock) for lock in inherited.split(",") if lock]) as embedded:
            code = run(
                settings, embedded, concurrency or max(_FEWEST_PROCESSES, os.cpu_count() or 1), until_idle
            )
    except DispatchError as error:
        click.echo(f"Error: {error}", err=True)
        code = 1
    sys.exit(code)


def _look_over(settings: Settings) -> None:
    """What is wrong is said now, not by each child."""
    from dispatcher.usecases.journal import refuse_older_database
    from dispatcher.usecases.journal.keeping import tidy

    house = open_house(settings)
    refuse_older_database(house)
    with contextlib.suppress(OSError):  # `dispatch doctor` says it
        tidy(house)
    house.db.close()


def run(settings: Settings, embedded: Embedded, concurrency: int, until_idle: bool) -> int:
    """Work until told to stop; the exit code."""
    from celery.exceptions import CPendingDeprecationWarning, SecurityWarning

    from workers.app import app
    from workers.shared import shared
    from workers.sweep_timer import SweepTimer

    warnings.simplefilter("ignore", SecurityWarning)  # root is no danger: what is queued can only be JSON
    warnings.simplefilter("ignore", CPendingDeprecationWarning)
    # A broker that is away: the timer says it once, Celery would at each try.
    logging.getLogger("celery.worker.consumer").setLevel(logging.CRITICAL)
    shared.until_idle = until_idle
    embedded.begin_work()
    embedded.only_in_this_process()
    app.steps["worker"].add(SweepTimer)
    worker = app.Worker(
        hostname=f"{os.getpid()}@{socket.gethostname()}",
        concurrency=concurrency,
        pool="prefork",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        settings=settings,
        embedded=embedded,
    )
    worker.start()
    embedded.end_work()
    if until_idle and shared.idle_for and not _idle(settings):
        # Somebody opened an alert after we had decided to go, and saw us still there.
        embedded.ensure_worker()
    return 0 if shared.warm else int(worker.exitcode or 0)


def _idle(settings: Settings) -> bool:
    from dispatcher.usecases import deliver

    house = open_house(settings)
    try:
        return deliver.idle(house, settings.practice)
    finally:
        house.db.close()


if __name__ == "__main__":
    main()
