"""PostgreSQL's client programs: the newest is taken, what is missing is told, no password is in the open."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from dispatcher.backups import programs
from dispatcher.backups.programs import environment, newest, run
from dispatcher.errors import BackupProgramFailed, BackupProgramMissing, BackupProgramTooOld, DiskFull

NOWHERE = make_url("postgresql+psycopg://")


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


def test_the_newest_is_taken_wherever_it_is(on_path: Path, tmp_path: Path) -> None:
    program(on_path, "pg_dump", "echo 'pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)'")
    assert newest("pg_dump", folder=tmp_path) == on_path / "pg_dump"
    newer = program(tmp_path / "17" / "bin", "pg_dump", "echo 'pg_dump (PostgreSQL) 17.2'")
    program(tmp_path / "9" / "bin", "pg_dump", "echo nothing")
    assert newest("pg_dump", folder=tmp_path, server=17) == newer


@pytest.mark.usefixtures("on_path")
def test_what_is_missing_is_told_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BackupProgramMissing, match=r"pg_dump isn't on this machine.*postgresql-client"):
        newest("pg_dump", folder=tmp_path)


def test_what_is_older_than_the_server_is_told_with_what_to_install(on_path: Path, tmp_path: Path) -> None:
    program(on_path, "pg_dump", "echo 'pg_dump (PostgreSQL) 15.20'")
    with pytest.raises(BackupProgramTooOld, match=r"PostgreSQL 15.*server of 17.*postgresql-client-17"):
        newest("pg_dump", folder=tmp_path, server=17)


def test_where_to_connect_goes_by_the_environment_alone(on_path: Path) -> None:
    url = make_url("postgresql+psycopg://us:p%40ss%2Fword@db.example.org:5433/people?sslmode=require&odd=1")
    found = environment(url)
    expected = {
        "PGHOST": "db.example.org",
        "PGPORT": "5433",
        "PGUSER": "us",
        "PGPASSWORD": "p@ss/word",
        "PGDATABASE": "people",
        "PGSSLMODE": "require",
    }
    assert {name: found[name] for name in expected} == expected
    shown = program(on_path, "show", 'echo "$0 $*"; echo "$PGPASSWORD"')
    assert run([shown, "--all"], url) == f"{shown} --all\np@ss/word\n"
    assert "PGPASSWORD" not in environment(NOWHERE)


def test_a_failure_is_told_by_its_first_complaint(on_path: Path) -> None:
    talks = "exec >&2; echo 'pg_dump: hint: look'; echo 'pg_dump: error: no such host.'; echo maria; exit 1"
    with pytest.raises(BackupProgramFailed, match=r"^pg_dump stopped: pg_dump: error: no such host\.$"):
        run([program(on_path, "pg_dump", talks)], NOWHERE)
    with pytest.raises(BackupProgramFailed, match="it didn't say why"):
        run([program(on_path, "pg_dump", "exit 1")], NOWHERE)
    with pytest.raises(BackupProgramFailed, match="pg_dump stopped: killed"):
        run([program(on_path, "pg_dump", "echo killed >&2; exit 1")], NOWHERE)
    full = "echo 'pg_dump: error: could not write to file: No space left on device' >&2; exit 1"
    with pytest.raises(DiskFull, match="/mnt/backup"):
        run([program(on_path, "pg_dump", full)], NOWHERE, writes=Path("/mnt/backup"))


def test_debians_own_programs_are_looked_for() -> None:
    assert Path("/usr/lib/postgresql") == programs.DEBIANS
