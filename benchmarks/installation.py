"""An installation of ours to measure: a migrated database with people, a campaign, commands and workers."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from crowd import DomainOf, add_people, fifty_domains, write_campaign
from loopback import wait_for_port

from dispatcher.crew import live_workers
from dispatcher.db import open_database
from dispatcher.keyring import load_keyring
from dispatcher.settings import load_settings
from dispatcher.usecases.migrate import upgrade

_PYTHON = (sys.executable, "-P", "-m")
_WORKER_STARTS_WITHIN = 30  # seconds
_KEYS = {
    "data_key": "a data key for benchmarks that is long enough",
    "secret_key": "a secret key for benchmarks that is long enough",
}
_ORGANISATION = {
    "org_name": "Benchmark",
    "org_address": "1 Main Street, Springfield",
    "from_email": "alerts@example.org",
}


class Installation:
    """Its folder has the campaign `bench`; every command and worker gets the same settings."""

    def __init__(self, folder: Path, database: str, queue: str, **given: str) -> None:
        self.folder = folder
        given = {
            "database_url": database,
            "redis_url": queue,
            "journal": str(folder / "var" / "journal"),
            "rate_email": "none",
            **_KEYS,
            **_ORGANISATION,
        } | given
        self.env = _without_settings(os.environ) | {
            f"DISPATCH_{name.upper()}": value for name, value in given.items()
        }
        self.settings = load_settings(**given)
        self.database = database
        write_campaign(folder)
        upgrade(self.settings, load_keyring(self.settings)).close()

    def add_people(
        self, number: int, domain_of: DomainOf = fifty_domains, *, first: int = 1, texts: bool = False
    ) -> None:
        """Put so many people more on the list `bench`, numbered from `first`; with `texts` by phone too."""
        keys = load_keyring(self.settings)
        db = open_database(self.settings, keys)
        add_people(db, keys, range(first, first + number), domain_of, texts=texts)
        db.close()

    def dispatch(self, *arguments: str) -> str:
        """Run a command to its end, which must be a good one; what it wrote."""
        done = subprocess.run(
            [*_PYTHON, "dispatcher", *arguments],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"dispatch {' '.join(arguments)}: {done.stderr.decode()}")
        return done.stdout.decode()

    def send(self, channel: str = "email", *options: str) -> dict[str, Any]:
        """`dispatch send`; what it says of the alert."""
        said = self.dispatch("send", "--campaign", "bench", "--channel", channel, "--yes", "--json", *options)
        answer: dict[str, Any] = json.loads(said)
        return answer

    def send_all(self, channel: str = "email") -> float:
        """Send and wait; the seconds from the laying out to the last result in the database."""
        answer = self.send(channel, "--wait")
        counts = answer["counts"][channel]
        assert answer["state"] == "finished", answer
        assert counts == {"sent": sum(counts.values())}, counts
        return float(answer["seconds"])

    @contextmanager
    def worker(
        self, processes: int, program: Sequence[str] = (*_PYTHON, "workers")
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker that is alive, stopped at the end."""
        before = len(live_workers(self.settings))
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [*program, f"--concurrency={processes}"],
                env=self.env,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        try:
            end = time.monotonic() + _WORKER_STARTS_WITHIN
            while len(live_workers(self.settings)) == before:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(
                        f"The worker did not start: {(self.folder / 'worker.log').read_text()}"
                    )
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            process.wait(60)

    @contextmanager
    def site(self, port: int) -> Iterator["subprocess.Popen[bytes]"]:
        """`dispatch web` once it answers, stopped at the end."""
        with (self.folder / "site.log").open("ab") as log:
            process = subprocess.Popen(
                [*_PYTHON, "dispatcher.web", "--port", str(port)],
                env=self.env,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        try:
            wait_for_port(port, process)
            yield process
        finally:
            process.terminate()
            process.wait(60)

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the database, or none, in a transaction of its own."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            found = connection.execute(statement.encode(), values)
            return found.fetchall() if found.description else []


def _without_settings(environment: "os._Environ[str]") -> dict[str, str]:
    """No setting of the machine reaches a benchmark."""
    return {name: value for name, value in environment.items() if not name.startswith("DISPATCH_")}
