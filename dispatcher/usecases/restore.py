"""`dispatch restore`: put the database back to what it was in a backup, so that nothing is sent twice."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import func, inspect, select

from dispatcher.crew import live_workers
from dispatcher.db import Database, database_url, shown_url
from dispatcher.embedded import worker_missing
from dispatcher.errors import DispatchError, QueueUnreachable, WorkersRunning
from dispatcher.house import House
from dispatcher.keyring import Keyring
from dispatcher.models import Subscriber
from dispatcher.settings import Settings
from dispatcher.usecases.journal.agreement import name_of
from dispatcher.usecases.migrate import upgrade
from dispatcher.usecases.restoring.by_hand import undo_again
from dispatcher.usecases.restoring.placing import into_postgresql, into_sqlite
from dispatcher.usecases.restoring.replaying import Replayed, replay
from dispatcher.usecases.restoring.verifying import verify


@dataclass(frozen=True, slots=True)
class Restored:
    """A database that was put back and settled. `journals` is how many files were replayed into it."""

    database: str
    replayed: Replayed
    journals: int


@dataclass(frozen=True, slots=True)
class Occupied:
    """What would be replaced; `subscribers` is None when nobody can read it."""

    database: str
    subscribers: int | None


def what_is_there(settings: Settings, keys: Keyring) -> Occupied | None:
    """The database that a backup would replace; None when there is none, or an empty one.

    Raises DatabaseUnreachable for a server that doesn't answer.
    """
    url = database_url(settings)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is not None and not (file.exists() and file.stat().st_size):
        return None
    database = Database(settings, keys)
    try:
        with database.reading() as session:
            if not inspect(session.connection()).get_table_names():
                return None
            return Occupied(database.shown, session.scalar(select(func.count()).select_from(Subscriber)))
    except DispatchError:
        if file is None:
            raise
        return Occupied(database.shown, None)  # broken: that may be why it is restored
    finally:
        database.close()


def restore(settings: Settings, keys: Keyring, path: Path) -> Restored:
    """Verify a backup, put it in the database's place, hold everything, and replay the journal into it.

    Raises WorkersRunning, what `verify` raises (nothing is changed then), or what a client program says.
    """
    contents = verify(settings, keys, path)
    _refuse_while_sending(settings)
    settle = partial(_settle, keys=keys)
    if database_url(settings).get_backend_name() == "sqlite":
        replayed, journals = into_sqlite(settings, path, settle)
    else:
        replayed, journals = into_postgresql(settings, keys, path, contents, settle)
    return Restored(shown_url(database_url(settings)), replayed, journals)


def _settle(settings: Settings, *, keys: Keyring) -> tuple[Replayed, int]:
    database = upgrade(settings, keys)
    try:
        with database.reading() as session:
            files = database.journal.files(name_of(session, database.journal))
        entries = list(database.journal.read(files))
        with database.transaction() as session:
            replayed = replay(session, entries, None)
        undo_again(House(settings, keys, database), replayed)
    finally:
        database.close()
    return replayed, len(files)


def _refuse_while_sending(settings: Settings) -> None:
    """Workers would go on with what they have in their hands. Without the queue none can send."""
    try:
        running = len(live_workers(settings))
    except QueueUnreachable:
        running = 0
    if settings.redis is None and not worker_missing(settings):
        running = max(1, running)
    if running:
        raise WorkersRunning(number=running)
