"""Bring the database up to date with the migrations that this release ships."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, insert, select, text

from dispatcher.db import Database, database_url, shown_url
from dispatcher.errors import DatabaseNewer, DatabaseUnreachable, WrongDataKey
from dispatcher.keyring import Keyring
from dispatcher.models import Installation
from dispatcher.paths import make_private, shipped, state_folder
from dispatcher.settings import Settings
from dispatcher.usecases.rewriting import rewrite, tables_left_behind

_LOCK_TIMEOUT = "10s"  # a migration must not queue behind a long transaction with everything else behind it


def upgrade(settings: Settings, keys: Keyring, *, to: str = "head") -> Database:
    """Create the database where it is missing, run what is missing, and remember the data key's fingerprint.

    Raises DatabaseNewer, WrongDataKey, DatabaseBusy or DatabaseUnreachable; nothing is changed then.
    """
    url = database_url(settings)
    if url.get_backend_name() == "sqlite":
        _make_file(url)
    database = Database(settings, keys)
    with database.migrating() as connection:
        if not database.sqlite:
            connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
        config = alembic_config(connection)
        before = _refuse_newer(database, connection, config)
        if before is not None:
            _refuse_other_key(connection, keys)  # first: what is there may have to be read and sealed
        command.upgrade(config, to)
        _remember_key(connection, keys)
        now = MigrationContext.configure(connection).get_current_revision()
    if tables := tables_left_behind(before, now):
        rewrite(database, tables)
    return database


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration without a file: where the scripts are, and the connection that they use."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _make_file(url: URL) -> None:
    """SQLite's file, for this user alone: people's data are in it."""
    file = Path(url.database or "").resolve()
    try:
        if file.parent == state_folder():
            make_private(file.parent)
        file.touch(mode=0o600)
    except OSError as error:
        raise DatabaseUnreachable(where=shown_url(url), reason=error.strerror) from error


def _remember_key(connection: Connection, keys: Keyring) -> None:
    if connection.execute(select(Installation.data_key_fingerprint)).scalar() is None:
        connection.execute(insert(Installation).values(data_key_fingerprint=keys.fingerprint))


def _refuse_other_key(connection: Connection, keys: Keyring) -> None:
    remembered = connection.execute(select(Installation.data_key_fingerprint)).scalar()
    if remembered not in (None, keys.fingerprint):
        raise WrongDataKey(hint=keys.hint)


def _refuse_newer(database: Database, connection: Connection, config: Config) -> str | None:
    """The revision that is there; None: nothing."""
    found = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseNewer(where=database.shown, found=found)
    return found
