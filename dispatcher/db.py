"""The database: engine, transactions, and the column types that every table shares."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, DateTime, Engine, LargeBinary, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType, eq, in_op, is_, is_not, ne, not_in_op
from sqlalchemy.types import TypeDecorator, TypeEngine

from dispatcher.errors import (
    DatabaseBusy,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseNotMigrated,
    DatabaseUnreachable,
    DiskFull,
    DispatchError,
    WrongDataKey,
)
from dispatcher.journal import Journal
from dispatcher.keyring import Keyring
from dispatcher.paths import state_folder
from dispatcher.rules.urls import parse_service_url
from dispatcher.settings import Settings

SCHEMA_VERSION = "0016"  # the newest migration; a test holds the two together
_BUSY_SECONDS = 30  # how long SQLite waits for another's lock, unless the address says ?timeout=SECONDS
_NO_SUCH_TABLE = "42P01"  # PostgreSQL's code, the same in every language
_LOCKED = {"55P03", "40P01", "40001"}  # PostgreSQL: lock time-out, deadlock, serialization failure
_WRITE_PAUSE = 0.002  # seconds between one process's write transactions on SQLite: without it others starve

_keyring: Keyring | None = None  # one process, one database, one key


def use_keyring(keyring: Keyring) -> None:
    """Set the key that encrypted columns of this process use."""
    global _keyring  # noqa: PLW0603 - column types can't be handed a key for each query
    _keyring = keyring


def keyring() -> Keyring:
    """The key that encrypted columns of this process use."""
    if _keyring is None:
        raise WrongDataKey(hint="no database is open")
    return _keyring


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with its zone and always UTC; a naive one is a bug and raises."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"a moment without its zone: {value}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that a stolen database doesn't show: AES-GCM under the data key, bound to `column`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else keyring().encrypt(value, self.column)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else keyring().decrypt(bytes(value), self.column)


class SealedText(TypeDecorator[str]):
    """Text that may name a list or a campaign, or tell what it is about: AES-SIV under the data key, bound
    to `column`. The same text is the same bytes: queries compare it with plain words, for equality alone.

    `room`: bytes of which it takes a multiple (docs/adr/0025). A changed one must convert what is there.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str, *, room: int) -> None:
        super().__init__()
        self.column = column
        self.room = room

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else keyring().seal(value, self.column, self.room)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else keyring().unseal(bytes(value), self.column)

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        if op not in _EQUALITY:  # LIKE, < and the like would find nothing, silently
            raise TypeError(f"{self.column} is sealed: it can be compared for equality alone")
        return self


_EQUALITY = frozenset({eq, ne, in_op, not_in_op, is_, is_not})


class db_now(FunctionElement[datetime]):  # noqa: N801 - reads as SQL
    """The database's own clock, `seconds` from now: leases and due times of all machines agree by it."""

    type = UtcDateTime()
    inherit_cache = True
    name = "db_now"

    def __init__(self, seconds: float = 0) -> None:
        from sqlalchemy import Float, bindparam

        super().__init__(bindparam(None, float(seconds), type_=Float()))


@compiles(db_now, "postgresql")
def _now_postgresql(element: db_now, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **kw)}))"


@compiles(db_now, "sqlite")
def _now_sqlite(element: db_now, compiler: SQLCompiler, **kw: Any) -> str:
    # The same text as SQLAlchemy stores: microseconds, so that comparing text compares moments.
    offset = compiler.process(element.clauses, **kw)
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {offset} || ' seconds') || '000')"


class Database:
    """One engine and its transactions. Made lazily a process: never carried over a fork."""

    def __init__(self, settings: Settings, keys: Keyring) -> None:
        self.url = database_url(settings)
        self.shown = shown_url(self.url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, settings.lease_seconds)
        self.journal = Journal.of(settings)
        self._last_write = 0.0
        use_keyring(keys)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that is committed at the end, once, and then runs what `after_commit` queued.

        `session.info["journal"]` is where that is written which must outlive the database.
        """
        if self.sqlite:
            time.sleep(max(0.0, min(_WRITE_PAUSE, self._last_write + _WRITE_PAUSE - time.monotonic())))
        with self._translated(), Session(self.engine, expire_on_commit=False) as session:
            session.connection()  # BEGIN (IMMEDIATE on SQLite) before the first look
            session.info["journal"] = self.journal
            yield session
            for callback in session.info.pop("before_commit", ()):
                callback()
            session.commit()
            self._last_write = time.monotonic()
        for callback in session.info.pop("after_commit", ()):
            callback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: takes no write lock, commits nothing."""
        with self._translated(), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"reading": True})
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction that may rebuild tables: foreign keys are checked at its end, not at each step."""
        try:
            with self._translated(), Session(self.engine) as session:
                connection = session.connection(execution_options={"migrating": True})
                yield connection
                if self.sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise RuntimeError(f"a migration left {len(orphans)} rows without what they refer to")
                session.commit()
        finally:
            self.close()  # on SQLite foreign keys are a matter of the connection: the next one has them again

    def outside_transactions(self, statements: Iterable[str]) -> None:
        """Execute each statement by itself: what no transaction may hold, such as VACUUM."""
        with self._translated(), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            if not self.sqlite:  # there the driver begins no transactions anyway
                raw.autocommit = True
            connection.detach()  # never back into the pool
            for statement in statements:
                raw.execute(statement)

    def now(self) -> datetime:
        """The database's clock."""
        from sqlalchemy import select

        with self.reading() as session:
            return session.scalars(select(db_now())).one()

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise self._in_words(error) from error
        except DBAPIError as error:
            if error.connection_invalidated or error.statement is None:  # while connecting
                raise self._in_words(error) from error
            raise

    def _in_words(self, error: DBAPIError) -> DispatchError:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        if "database is locked" in reason or getattr(error.orig, "sqlstate", None) in _LOCKED:
            return DatabaseBusy(where=self.shown)
        if "disk is full" in reason or "No space left" in reason or "disk I/O error" in reason:
            return DiskFull(where=self.shown)
        return DatabaseUnreachable(where=self.shown, reason=reason)


def before_commit(session: Session, callback: Callable[[], None]) -> None:
    """Run `callback` as the last thing that this session's transaction does."""
    session.info.setdefault("before_commit", []).append(callback)


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Run `callback` once this session's transaction is durable; never when it fails."""
    session.info.setdefault("after_commit", []).append(callback)


def database_url(settings: Settings) -> URL:
    """Where the database is, for SQLAlchemy, with the driver that we ship."""
    if settings.database_url is None:
        return URL.create("sqlite", database=str(state_folder() / "dispatch.db"))
    given = settings.database_url.get_secret_value()
    if given.startswith("sqlite"):
        return make_url(given)
    parts = parse_service_url(given)
    return URL.create(
        "postgresql+psycopg",
        username=parts.user or None,
        password=parts.password or None,
        host=parts.host or None,
        port=parts.port,
        database=parts.path.lstrip("/") or None,
        query=parts.options,
    )


def shown_url(url: URL) -> str:
    """The database by name, as staff see it: a file's full path, or server and name without the password."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").resolve())
    # Without the options: a password may be among them.
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def open_database(settings: Settings, keys: Keyring) -> Database:
    """The installation's database, checked: it exists, its schema is ours, its key is ours.

    Raises DatabaseMissing, DatabaseUnreachable, DatabaseNotMigrated, DatabaseNewer or WrongDataKey.
    """
    refuse_missing_file(database_url(settings))
    database = Database(settings, keys)
    try:
        check_schema(database)
    except Exception:
        database.close()
        raise
    return database


def refuse_missing_file(url: URL) -> None:
    """SQLite would create a missing database silently; only `demo` and `db upgrade` may."""
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise DatabaseMissing(where=shown_url(url))


def check_schema(database: Database) -> None:
    """Compare the schema's version and the key's fingerprint with ours."""
    with database.reading() as session:
        found = _scalar(session, "SELECT version_num FROM alembic_version")
        if found is not None and found > SCHEMA_VERSION:  # they are numbered: 0001, 0002, ...
            raise DatabaseNewer(where=database.shown, found=found)
        if found != SCHEMA_VERSION:
            raise DatabaseNotMigrated(where=database.shown, found=found or "none", wanted=SCHEMA_VERSION)
        fingerprint = _scalar(session, "SELECT data_key_fingerprint FROM installation")
        if fingerprint is not None and fingerprint != keyring().fingerprint:
            raise WrongDataKey(hint=keyring().hint)


def _scalar(session: Session, statement: str) -> str | None:
    """A single value, or None when there is no such row or table.

    The savepoint keeps PostgreSQL's transaction alive.
    """
    try:
        with session.begin_nested():
            return session.execute(text(statement)).scalar()
    except DBAPIError as error:
        if "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", None) == _NO_SUCH_TABLE:
            return None
        raise


def _engine(url: URL, lease_seconds: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        engine = create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,  # no error may quote somebody's address
            pool_size=5,
            connect_args={"connect_timeout": 10, "application_name": "dispatcher"},
        )
        event.listen(engine, "connect", partial(_prepare_postgresql, standstill=lease_seconds))
        return engine
    patience = {} if "timeout" in url.query else {"timeout": _BUSY_SECONDS}
    arguments = {**patience, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: Any, *, standstill: float) -> None:
    """Have the server end a transaction that stands still for so many seconds: its process is frozen, or the
    machine is gone, and its locks would hold everybody else up for as long.
    """
    connection.autocommit = True
    connection.execute(f"SET idle_in_transaction_session_timeout = {max(1, round(standstill * 1000))}")
    connection.autocommit = False


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    # secure_delete: what is deleted is overwritten, for a stolen file shows what its free pages held.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("migrating"):  # a table rebuilt under foreign keys would take its children's rows with it
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")
