"""A dry run: the real import on a database whose changes vanish, so that its counts are the real ones."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy.orm import Session

from dispatcher.db import Database
from dispatcher.house import House

Transactions = Callable[[], AbstractContextManager[Session]]


@contextmanager
def rehearsal(house: House) -> Iterator[Transactions]:
    """Transactions that look real to each other and leave nothing behind."""
    with _on_a_copy(house) if house.db.sqlite else _in_one_transaction(house) as transactions:
        yield transactions


@contextmanager
def _in_one_transaction(house: House) -> Iterator[Transactions]:
    # Never committed. To its end other imports wait, and nobody else.
    with house.db.reading() as session:
        yield lambda: nullcontext(session)


@contextmanager
def _on_a_copy(house: House) -> Iterator[Transactions]:
    """SQLite has one writer: a long transaction would stop the workers. The copy is encrypted like the
    original.
    """
    with TemporaryDirectory(prefix="dispatch-dry-run-") as folder:
        path = Path(folder) / "copy.db"
        with house.db.engine.connect() as connection, sqlite3.connect(path) as copy:
            original = connection.connection.driver_connection
            assert isinstance(original, sqlite3.Connection)
            original.backup(copy)
        copy.close()
        elsewhere = {"database_url": SecretStr(f"sqlite:///{path}"), "journal": f"{folder}/journal"}
        settings = house.settings.model_copy(update=elsewhere)
        database = Database(settings, house.keys)
        try:
            yield database.transaction
        finally:
            database.close()
