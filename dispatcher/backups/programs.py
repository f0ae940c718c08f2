"""PostgreSQL's client programs: which there are, how they learn where the database is, what went wrong.

Where to connect goes by the environment, never by the command line, which every user of a machine can read.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from psycopg import pq
from sqlalchemy import URL

from dispatcher.errors import BackupProgramFailed, BackupProgramMissing, BackupProgramTooOld, DiskFull

DEBIANS = Path("/usr/lib/postgresql")  # its pg_dump on PATH may be a wrapper around an older one
_STARTS_WITHIN = 30  # seconds


def newest(name: str, *, server: int = 0, folder: Path = DEBIANS) -> Path:
    """The newest `pg_dump` or `pg_restore` on this machine, at least as new as the server's major version.

    Raises BackupProgramMissing or BackupProgramTooOld.
    """
    found = {path: _major(path) for path in _candidates(name, folder)}
    if not found:
        raise BackupProgramMissing(name=name)
    best = max(found, key=lambda path: found[path])
    if found[best] < server:
        raise BackupProgramTooOld(name=best, version=found[best], server=server)
    return best


def run(command: Sequence[str | Path], url: URL, *, writes: Path | None = None) -> str:
    """Run a client program to its end against a database; what it said on standard output.

    Raises BackupProgramFailed with its first complaint, or DiskFull for the file that it `writes`.
    """
    done = subprocess.run(  # noqa: S603 - our own words, and a file that staff named
        [str(word) for word in command],
        env=environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        complaint = _first_line(done.stderr)
        if "No space left" in complaint:
            raise DiskFull(where=writes or url.host)
        raise BackupProgramFailed(name=Path(command[0]).name, reason=complaint)
    return done.stdout


def environment(url: URL) -> dict[str, str]:
    """Our environment, and libpq's variables for this database, the password among them."""
    given = {
        "connect_timeout": "10",  # seconds
        "host": url.host,
        "port": url.port and str(url.port),
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **{name: str(value) for name, value in url.query.items()},
    }
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    known = {variables[name]: value for name, value in given.items() if value and name in variables}
    return os.environ | known


def _candidates(name: str, folder: Path) -> list[Path]:
    on_path = shutil.which(name)
    return [*folder.glob(f"*/bin/{name}"), *([Path(on_path)] if on_path else [])]


@cache
def _major(program: Path) -> int:
    said = subprocess.run(  # noqa: S603 - a program of that name
        [str(program), "--version"],
        capture_output=True,
        text=True,
        timeout=_STARTS_WITHIN,
        check=False,
    ).stdout
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def _first_line(words: str) -> str:
    """The first complaint: what follows may quote rows."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    complaints = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()] or lines
    return complaints[0].rstrip(".") if complaints else "it didn't say why"
