"""`dispatch worker`: becomes a worker."""

import os
import sys

import click


@click.command()
@click.option(
    "--concurrency", type=click.IntRange(min=1), help="Processes. Default: one a processor, at least 2."
)
@click.option("--until-idle", is_flag=True, help="End once there is nothing left to send.")
def command(concurrency: int | None, until_idle: bool) -> None:
    """Run a worker that sends, until SIGTERM or Ctrl-C: it finishes the mini-batch in its hands and stops."""
    options = [f"--concurrency={concurrency}"] if concurrency else []
    options += ["--until-idle"] if until_idle else []
    # The process itself, not a child of ours: signals and the terminal are the worker's own. -P: a folder
    # called `workers` in the working folder isn't us.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "workers", *options])  # noqa: S606 - that is the point
