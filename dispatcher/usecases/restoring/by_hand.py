"""`dispatch restore --replay`: settle a database that was put back by other means than ours."""

import re
from collections.abc import Sequence
from pathlib import Path

from dispatcher.errors import JournalMissing, JournalOfAnother
from dispatcher.house import House
from dispatcher.journal import host_of
from dispatcher.usecases.importing.undoing import undo
from dispatcher.usecases.journal.agreement import journals_ahead, name_of
from dispatcher.usecases.restoring.replaying import Replayed, replay

_NAME = re.compile(r"(?P<key>[0-9a-f]{8})-[0-9a-f]{12}\.[A-Za-z0-9-]+\.journal")


def replay_journal(
    house: House, brought: Sequence[Path] = (), *, without_journal: bool = False
) -> Replayed | None:
    """Replay this host's journals, and those that were `brought` from others; None when the database knows
    all that they do.

    `without_journal` settles the database without: they are lost for good. Raises JournalMissing or
    JournalOfAnother.
    """
    with house.db.reading() as session:
        name = name_of(session, house.db.journal)
    files = [*house.db.journal.files(name), *brought]
    hosts = {house.db.journal.host, *(_host_of(house, path) for path in files)}
    if not files and not without_journal:
        raise JournalMissing(folder=house.db.journal.folder)
    if not (brought or without_journal or journals_ahead(house.db)):
        return None
    entries = list(house.db.journal.read(files))
    with house.db.transaction() as session:
        replayed = replay(session, entries, None if without_journal else hosts)
    undo_again(house, replayed)
    return replayed


def undo_again(house: House, replayed: Replayed) -> None:
    """Take those imports back that had been taken back after the moment that the database was put back to."""
    for batch_id in replayed.imports_to_undo:
        undo(house, batch_id)


def _host_of(house: House, path: Path) -> str:
    found = _NAME.fullmatch(path.name)
    if found is None or found["key"] != house.keys.fingerprint:
        raise JournalOfAnother(path=path)
    return host_of(path)
