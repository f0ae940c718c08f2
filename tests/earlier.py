"""Put a test's database back to an earlier moment, by other means than ours, as staff might."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from dispatcher.house import House


@contextmanager
def kept(house: House) -> Iterator[Callable[[], None]]:
    """Keep a copy of the database as it is now; what is given puts it back, any number of times."""
    with _kept_file(house) if house.db.sqlite else _kept_on_server(house) as put_back:
        yield put_back


@contextmanager
def _kept_file(house: House) -> Iterator[Callable[[], None]]:
    path = Path(house.db.url.database or "")
    copy = path.with_suffix(".kept")
    with closing(sqlite3.connect(path)) as connection, closing(sqlite3.connect(copy)) as other:
        connection.backup(other)

    def put_back() -> None:
        house.db.close()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(copy, path)

    yield put_back


@contextmanager
def _kept_on_server(house: House) -> Iterator[Callable[[], None]]:
    name = house.db.url.database
    server = house.db.url.set(drivername="postgresql", database="postgres").render_as_string()
    with psycopg.connect(server, autocommit=True) as connection:

        def run(statement: str) -> None:
            house.db.close()
            connection.execute(statement.encode())

        def put_back() -> None:
            run(f"DROP DATABASE {name} WITH (FORCE)")
            run(f"CREATE DATABASE {name} TEMPLATE {name}_kept")

        run(f"CREATE DATABASE {name}_kept TEMPLATE {name}")
        try:
            yield put_back
        finally:
            run(f"DROP DATABASE {name}_kept")
