"""`dispatch send --wait` when the worker behind it is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from campaigns import write_campaign
from commands import until
from people import add_list, add_people

from dispatcher.cli.serving import serving
from dispatcher.errors import DatabaseMissing
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from houses import environment_of

pytestmark = pytest.mark.waits


def workers_in(folder: Path) -> list[int]:
    """Every worker process whose working folder this is."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            of_workers = b"\0workers\0" in (process / "cmdline").read_bytes()
            if of_workers and (process / "cwd").resolve() == folder.resolve():
                found.append(int(process.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def test_a_killed_worker_is_replaced_and_everybody_is_accounted_for(house: House, tmp_path: Path) -> None:
    add_list(house)
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    add_people(house, 60, channels=[Channel.EMAIL])
    slow = {"DISPATCH_RATE_EMAIL": "10/s", "DISPATCH_LEASE_SECONDS": "4"}
    command = ["-m", "dispatcher", "send", "--campaign", "budget", "--yes", "--wait", "--json"]
    with subprocess.Popen(
        [sys.executable, "-P", *command],
        env=environment_of(house.settings) | slow,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        until(lambda: len(list(tmp_path.glob("var/outbox/*.eml"))) > 5, "the first emails")
        for pid in workers_in(tmp_path):
            os.kill(pid, signal.SIGKILL)
        out, _ = process.communicate(timeout=90)
    assert process.returncode == 0
    assert '"state": "finished"' in out
    files = list(tmp_path.glob("var/outbox/*.eml"))
    assert 60 - 16 <= len(files) <= 60
    assert not [file for file in files if "-2" in file.name]  # nobody twice


def test_a_deleted_folder_ends_the_wait_in_words(house: House) -> None:
    with serving(house) as service:
        Path("var/redis/users.lock").unlink()
        with pytest.raises(DatabaseMissing):
            service.keep()
