"""Bring the database up to date with the migrations that this release ships."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from dispatcher.db import Database, database_url
from dispatcher.errors import DatabaseNewer, WrongDataKey
from dispatcher.keyring import Keyring
from dispatcher.models import Installation
from dispatcher.paths import make_private, shipped
from dispatcher.settings import Settings

_LOCK_TIMEOUT = "10s"  # a migration must not queue behind a long transaction with everything else behind it


def upgrade(settings: Settings, keys: Keyring, *, to: str = "head") -> Database:
    """Create the database where it is missing, run what is missing, and remember the data key's fingerprint.

    Raises DatabaseNewer, WrongDataKey or DatabaseUnreachable; nothing is changed then.
    """
    url = database_url(settings)
    if url.get_backend_name() == "sqlite" and url.database:
        make_private(Path(url.database).resolve().parent) if settings.database_url is None else None
        Path(url.database).touch(mode=0o600)
    database = Database(settings, keys)
    with database.transaction() as session:
        if not database.sqlite:
            session.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
        config = alembic_config()
        config.attributes["connection"] = session.connection()
        _refuse_newer(database, session.connection(), config)
        command.upgrade(config, to)
        remembered = session.scalars(select(Installation)).one_or_none()
        if remembered is None:
            session.add(Installation(data_key_fingerprint=keys.fingerprint))
        elif remembered.data_key_fingerprint != keys.fingerprint:
            raise WrongDataKey(hint=keys.hint)
    return database


def alembic_config() -> Config:
    """Alembic's configuration without a file: where the scripts are; the connection is handed over open."""
    config = Config()
    config.attributes["script_location"] = str(shipped("migrations"))
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    return config


def _refuse_newer(database: Database, connection: object, config: Config) -> None:
    from alembic.runtime.migration import MigrationContext

    found = MigrationContext.configure(connection).get_current_revision()  # type: ignore[arg-type]
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseNewer(where=database.shown, found=found)
