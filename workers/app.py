"""The Celery application of a worker, and the signals that it listens to."""

from celery import signals

from dispatcher.queue import make_celery
from dispatcher.settings import load_settings
from workers.child import child
from workers.shared import shared

app = make_celery(load_settings())


@signals.setup_logging.connect
def _leave_logging_alone(**_signal: object) -> None:
    """Having a listener keeps Celery from setting up logging itself: ours is set up already."""


@signals.worker_shutting_down.connect
def _tell_children(how: str, **_signal: object) -> None:
    """On SIGTERM and Ctrl-C: every child ends its turn after the mini-batch that it is at."""
    shared.stopping.value = True
    shared.warm = how == "Warm"


@signals.worker_process_shutdown.connect
def _close(**_signal: object) -> None:
    child.close()
