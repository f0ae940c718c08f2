"""Put a verified backup in the database's place. Wherever it is cut off, nothing is sent twice.

On SQLite the copy is settled before it takes its place. On PostgreSQL it can't be: there the journal is first
told of a moment that the backup doesn't know, so that workers refuse until it is settled.
"""

import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pydantic import SecretStr
from sqlalchemy import inspect, text

from dispatcher.backups import postgresql_dump, sqlite_file
from dispatcher.backups.contents import Contents
from dispatcher.db import Database, database_url
from dispatcher.keyring import Keyring
from dispatcher.models import Base
from dispatcher.models.installation import name_of
from dispatcher.paths import make_private, state_folder
from dispatcher.rules.journal import Entry, PutBack
from dispatcher.settings import Settings

T = TypeVar("T")


def into_sqlite(settings: Settings, path: Path, settle: Callable[[Settings], T]) -> T:
    """Have `settle` work on a copy (given the settings to open it with), then put that in place."""
    target = Path(database_url(settings).database or "").resolve()
    if target.parent == state_folder():
        make_private(target.parent)
    with TemporaryDirectory(dir=target.parent, prefix=".restore-") as folder:
        copy = Path(folder) / "dispatch.db"
        copy.touch(mode=0o600)
        shutil.copyfile(path, copy)
        settled = settle(settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{copy}")}))
        sqlite_file.put_into(copy, target)
    return settled


def into_postgresql(
    settings: Settings, keys: Keyring, path: Path, contents: Contents, settle: Callable[[Settings], T]
) -> T:
    """Replace the tables in one transaction of pg_restore's, then have `settle` work on them."""
    database = Database(settings, keys)
    unknown_to_it = Entry(secrets.token_hex(8), datetime.now(UTC), database.journal.host, (PutBack(),))
    database.journal.record(name_of(contents.fingerprint, contents.created_at), [unknown_to_it])
    _drop_newer_tables(database, postgresql_dump.tables(path))
    database.close()
    postgresql_dump.restore(database.url, path)
    return settle(settings)


def _drop_newer_tables(database: Database, restored: set[str]) -> None:
    """Tables that an older backup doesn't have would be in the way of the migrations that make them."""
    with database.transaction() as session:
        found = inspect(session.connection()).get_table_names()
        for table in sorted(set(found) & Base.metadata.tables.keys() - restored):
            session.execute(text(f'DROP TABLE "{table}" CASCADE'))
