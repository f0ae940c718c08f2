"""See to it that somebody sends: our own server and worker where they are embedded, else a warning."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dispatcher.cli.out import note
from dispatcher.embedded import Embedded, worker_missing
from dispatcher.errors import DatabaseMissing, QueueUnreachable
from dispatcher.house import House
from dispatcher.usecases.journal import refuse_older_database

NO_WORKER = "WARNING: no worker is running. Start one with `dispatch worker`; it goes on from here."


@dataclass(frozen=True, slots=True)
class Service:
    """What makes somebody send."""

    wake: Callable[[], None]  # once there is something to send
    keep: Callable[[], None]  # now and then while waiting: a worker of ours that was killed is replaced


@contextmanager
def serving(house: House) -> Iterator[Service]:
    """Keep an embedded server up while this is entered.

    Entered before anything is opened: a server that can't start is said then. Raises NoRedisServer or
    EmbeddedServerFailed, and DatabaseOlder when it was put back and must be settled first.
    """
    refuse_older_database(house)
    with Embedded(house.settings) as embedded:
        yield Service(lambda: _wake(house, embedded), lambda: _keep(house, embedded))


def warn_without_worker(house: House) -> None:
    """Where something waits: say so if nobody is there to see to it."""
    from dispatcher.crew import live_workers

    try:
        if worker_missing(house.settings) or (house.settings.redis and not live_workers(house.settings)):
            note(NO_WORKER)
    except QueueUnreachable as error:
        note(f"WARNING: {error}")


def _keep(house: House, embedded: Embedded) -> None:
    """Raises DatabaseMissing when `var/` was deleted: what is still open there is nobody's any more."""
    if embedded.homeless:
        raise DatabaseMissing(where=house.db.shown)
    embedded.ensure_server()
    embedded.ensure_worker()


def _wake(house: House, embedded: Embedded) -> None:
    """A queue that can't be reached delays what is in the database anyway: that is said, not raised."""
    from dispatcher.crew import live_workers
    from dispatcher.queue import wake_all

    embedded.ensure_worker()
    try:
        wake_all(house.settings)
        if not embedded.wanted and not live_workers(house.settings):
            note(NO_WORKER)
    except QueueUnreachable as error:
        note(f"WARNING: {error} Nothing is lost: workers go on once they reach the queue.")
