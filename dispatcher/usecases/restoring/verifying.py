"""Look a backup over before anything is changed: whole, of a release that we know, made with our data key."""

from pathlib import Path

from dispatcher.backups import checksum, postgresql_dump, sqlite_file
from dispatcher.backups.contents import Contents
from dispatcher.db import SCHEMA_VERSION, database_url, shown_url
from dispatcher.errors import BackupBroken, BackupOfAnotherKind, DatabaseNewer, WrongDataKey
from dispatcher.keyring import Keyring
from dispatcher.settings import Settings


def verify(settings: Settings, keys: Keyring, path: Path) -> Contents:
    """Read all of a backup; what is in it.

    Raises OSError, BackupBroken, BackupOfAnotherKind, DatabaseNewer or WrongDataKey.
    """
    with path.open("rb") as file:
        begins = file.read(16)
    of_sqlite = begins.startswith(sqlite_file.MAGIC)
    if not of_sqlite and not begins.startswith(postgresql_dump.MAGIC):
        raise BackupBroken(path=path, problem="it is neither a database of SQLite nor a dump of PostgreSQL")
    url = database_url(settings)
    if of_sqlite != (url.get_backend_name() == "sqlite"):
        kind = "SQLite" if of_sqlite else "PostgreSQL"
        raise BackupOfAnotherKind(path=path, kind=kind, where=shown_url(url))
    checksum.check(path)
    if of_sqlite and path.resolve() == Path(shown_url(url)):
        raise BackupBroken(path=path, problem="it is the database itself")
    contents = sqlite_file.look(path) if of_sqlite else postgresql_dump.look(path)
    if contents.version > SCHEMA_VERSION:  # they are numbered: 0001, 0002, ...
        raise DatabaseNewer(where=path, found=contents.version)
    if contents.fingerprint != keys.fingerprint:
        raise WrongDataKey(hint=keys.hint)
    if of_sqlite:
        sqlite_file.check(path)
    else:
        postgresql_dump.check(path)
    return contents
