"""A real PostgreSQL server on loopback, one for the whole test run, with a new database for each test.

The first test process that needs it makes and starts it (never as root: PostgreSQL refuses that), the others
find it by a note in a folder that they share. Nothing waits for the disk: tests kill processes, not machines.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from servers.local import free_port, keep_server, missing, server_folder

ROLE = "dispatcher"
RAW_ROLE = "raw"  # may log in by RAW_PASSWORD alone
RAW_PASSWORD = "p+a/s@s%w:d"
_STARTS_WITHIN = 30  # seconds
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}
_WHO_MAY_LOG_IN = f"""
host all {RAW_ROLE} 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
local all all trust
"""


@dataclass(frozen=True)
class PostgresServer:
    """One running server: its port, and the folder with its data, socket and log."""

    port: int
    folder: Path

    def url(self, database: str) -> str:
        """The address of one of its databases, as DISPATCH_DATABASE_URL takes it."""
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, a copy of `template`, deleted afterwards, whoever is connected."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """The database `name`, made and filled (given its address) by whichever test process comes first."""
        with _lock(self.folder / f"{name}.lock"):
            if not self.run(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
                self.run(f"CREATE DATABASE {name}_draft")
                fill(self.url(f"{name}_draft"))
                self.run(f"ALTER DATABASE {name}_draft RENAME TO {name}")
        return name

    def run(self, statement: str) -> list[tuple[object, ...]]:
        """Run one statement outside of any transaction; its rows."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def shared_postgres(shared: Path, owner: int) -> PostgresServer:
    """The server noted in the folder `shared`, started where it isn't yet; it stops once the process `owner`
    is gone.
    """
    note = shared / "postgres"
    with _lock(note):
        if noted := note.read_text():
            port, folder = noted.split(maxsplit=1)
            return PostgresServer(int(port), Path(folder))
        server = start_postgres(owner)
        note.write_text(f"{server.port} {server.folder}")
        return server


def postgres_program(name: str) -> Path:
    """`initdb`, `postgres` or `pg_dump`: where Debian keeps them (the newest release), or on PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]))
    found = debian[-1] if debian else shutil.which(name)
    return Path(found) if found else missing("PostgreSQL", "apt-get install postgresql")


def start_postgres(owner: int, **more: str) -> PostgresServer:
    """Make a server and start it; it stops, and its folder is deleted, once the process `owner` is gone.
    `more` are settings of PostgreSQL's.
    """
    initdb = postgres_program("initdb")
    user = _server_user()
    server = PostgresServer(free_port(), server_folder("postgres"))
    cluster = server.folder / "data"
    if user != "-":
        shutil.chown(server.folder, user)
    subprocess.run(
        [initdb, "-D", cluster, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=server.folder,
        user=None if user == "-" else user,
        timeout=_STARTS_WITHIN,
    )
    (cluster / "pg_hba.conf").write_text(_WHO_MAY_LOG_IN)
    settings = {**_SETTINGS, **more, "port": str(server.port), "unix_socket_directories": str(server.folder)}
    with (cluster / "postgresql.conf").open("a") as ours:
        ours.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    serve_postgres(owner, server)
    server.run(f"CREATE ROLE {RAW_ROLE} LOGIN SUPERUSER PASSWORD '{RAW_PASSWORD}'")
    return server


def serve_postgres(owner: int, server: PostgresServer) -> None:
    """Start a server that was made before, and wait until it answers."""
    command = [str(postgres_program("postgres")), "-D", str(server.folder / "data")]
    keep_server(owner, server.folder, command, _server_user())
    _wait_for(server)


def _server_user() -> str:
    """Who runs it: never root, which PostgreSQL refuses; "-" are we ourselves."""
    return "-" if os.geteuid() else "postgres" if _known("postgres") else "nobody"


def _wait_for(server: PostgresServer) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise AssertionError((server.folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return


def _known(user: str) -> bool:
    return any(entry.pw_name == user for entry in pwd.getpwall())


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
