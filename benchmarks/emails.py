"""Emails end to end: from `dispatch send` through PostgreSQL, Redis and a worker to smtp-sink."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from town import add_people, write_campaign

from dispatcher.house import open_house
from dispatcher.keyring import load_keyring
from dispatcher.settings import load_settings
from dispatcher.usecases.migrate import upgrade
from servers import postgres, redis, smtp_sink

_PROCESSES = 2
_MESSAGE_BYTES = 28_000  # what one of ours weighs on the wire


def end_to_end(number: int, folder: Path, connections: int = 16) -> float:
    """Messages a second, from the laid-out audience to the last result in the database."""
    with postgres() as database, redis() as queue, smtp_sink() as port:
        given = {
            "database_url": database,
            "redis_url": queue,
            "email_url": f"smtp://127.0.0.1:{port}?connections={connections}&starttls=no",
            "data_key": "a data key for benchmarks that is long enough",
            "secret_key": "a secret key for benchmarks that is long enough",
            "rate_email": "none",
            "org_name": "Benchmark",
            "org_address": "1 Main Street, Springfield",
            "from_email": "alerts@example.org",
        }
        env = os.environ | {f"DISPATCH_{name.upper()}": value for name, value in given.items()}
        os.chdir(folder)
        write_campaign(folder)
        settings = load_settings(**given)
        keys = load_keyring(settings)
        upgrade(settings, keys).close()
        house = open_house(settings)
        add_people(house.db, keys, number)
        house.db.close()
        worker = subprocess.Popen(
            [sys.executable, "-P", "-m", "workers", f"--concurrency={_PROCESSES}"], env=env
        )
        try:
            return number / _send(env)
        finally:
            worker.terminate()
            worker.wait(30)


def _send(env: dict[str, str]) -> float:
    command = [sys.executable, "-P", "-m", "dispatcher", "send", "--campaign", "bench", "--channel", "email"]
    done = subprocess.run(
        [*command, "--yes", "--wait", "--json"], env=env, stdout=subprocess.PIPE, check=True
    )
    answer = json.loads(done.stdout)
    assert answer["state"] == "finished", answer
    return float(answer["seconds"])


def smtp_source(number: int) -> float:
    """Messages a second of Postfix's own generator on 16 sessions: what SMTP allows on this machine."""
    with smtp_sink() as port:
        began = time.monotonic()
        subprocess.run(
            [
                "smtp-source",
                "-d",
                "-s",
                "16",
                "-m",
                str(number),
                "-l",
                str(_MESSAGE_BYTES),
                f"127.0.0.1:{port}",
            ],
            check=True,
        )
        return number / (time.monotonic() - began)
