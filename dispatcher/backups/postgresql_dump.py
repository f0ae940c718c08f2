"""Backups of PostgreSQL: what pg_dump writes in its custom format, which pg_restore reads."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, make_url

from dispatcher.backups.contents import Contents
from dispatcher.backups.programs import newest, run
from dispatcher.db import Database
from dispatcher.errors import BackupBroken, BackupProgramFailed

MAGIC = b"PGDMP"
_NOWHERE = make_url("postgresql+psycopg://")
_LOCK_TIMEOUT = "-c lock_timeout=60s"  # nobody may hold our tables for so long while they are replaced


def dump(database: Database, draft: Path, *, snapshot: str, server: int) -> None:
    """Write the database as it is in an exported snapshot; whoever writes meanwhile doesn't wait.

    `server` is its major version. Raises BackupProgramMissing, BackupProgramTooOld or BackupProgramFailed.
    """
    program = newest("pg_dump", server=server)
    how = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")
    run([program, *how, f"--snapshot={snapshot}", f"--file={draft}"], database.url, writes=draft)


def restore(url: URL, path: Path) -> None:
    """Put a dump into a database in place of its tables of the same names: all of it, or nothing."""
    how = ("--single-transaction", "--exit-on-error", "--clean", "--if-exists")
    ours = ("--no-owner", "--no-privileges", "--no-password")
    options = f"{url.query.get('options', '')} {_LOCK_TIMEOUT}".strip()
    patient = url.update_query_dict({"options": options})
    run([newest("pg_restore"), *how, *ours, f"--dbname={_quoted(url)}", path], patient)


def tables(path: Path) -> set[str]:
    """The names of the tables that a dump has. Raises BackupBroken."""
    return set(re.findall(r"^\d+; \d+ \d+ TABLE public (\S+)", _read(path, "--list"), re.MULTILINE))


def check(path: Path) -> None:
    """Read the whole dump. Raises BackupBroken when it was cut short or changed."""
    _read(path, "--file=/dev/null")


def look(path: Path) -> Contents:
    """Raises BackupBroken for a dump that isn't of a database of ours."""
    tables = ("--table=alembic_version", "--table=installation")
    words = _read(path, "--data-only", *tables, "--file=-")
    versions, installations = _rows(words, "alembic_version"), _rows(words, "installation")
    if not versions or not installations:
        raise BackupBroken(path=path, problem="it isn't of a database of Dispatcher")
    installation = installations[0]
    created_at = datetime.fromisoformat(installation["created_at"]).astimezone(UTC)
    return Contents(versions[0]["version_num"], installation["data_key_fingerprint"], created_at)


def _read(path: Path, *how: str) -> str:
    try:
        return run([newest("pg_restore"), *how, path], _NOWHERE)
    except BackupProgramFailed as error:
        raise BackupBroken(path=path, problem=str(error)) from error


def _rows(words: str, table: str) -> list[dict[str, str]]:
    """The rows of a table in a script of pg_restore: COPY with tabs between the columns."""
    copied = rf"^COPY public\.{table} \(([^)]*)\) FROM stdin;\n(.*?)^\\\.$"
    found = re.search(copied, words, re.MULTILINE | re.DOTALL)
    if found is None:
        return []
    names = [name.strip().strip('"') for name in found[1].split(",")]
    lines = csv.reader(found[2].splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [dict(zip(names, values, strict=True)) for values in lines]


def _quoted(url: URL) -> str:
    """The database's name as pg_restore takes it."""
    name = (url.database or "").replace("\\", "\\\\").replace("'", "\\'")
    return f"dbname='{name}'"
