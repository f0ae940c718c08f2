"""An outbox on a full disk: the alert pauses, nothing is lost, and once there is room everybody gets one."""

import contextlib
import errno
import json
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from conftest import OpenHouse
from hand_over import hand_over
from people import add_list, add_people

from houses import migrate
from servers.postgres import PostgresServer

SMALLER_THAN_AN_EMAIL = 1024  # bytes; larger than a text


@contextlib.contextmanager
def no_room_for_an_email() -> Iterator[None]:
    """No file of this process may grow, as if the disk were full. (Its database must be elsewhere.)"""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALLER_THAN_AN_EMAIL, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of 256 KB; skips where we may not mount one."""
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "false", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if umount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a file system can't be mounted here")
    try:
        yield
    finally:
        subprocess.run([umount, folder], check=True)


def fill(file: Path) -> None:
    """Write until nothing more fits."""
    with pytest.raises(OSError, match="No space") as full, file.open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)
    assert full.value.errno == errno.ENOSPC


def counts(desk: CliDesk) -> Any:
    (alert,) = json.loads(desk.run("status", "--json").stdout)["alerts"]
    return alert["counts"]


def assert_everybody_has_one(desk: CliDesk, outbox: Path) -> None:
    assert counts(desk) == {"email": {"sent": 3}, "sms": {"sent": 3}}
    messages = [path.stem for path in outbox.iterdir() if path.name != "filler"]
    assert sorted(messages) == [f"{number:010d}" for number in range(1, 7)]  # whole files, none twice


def test_emails_that_found_no_room_are_sent_once_there_is_some(
    postgres: PostgresServer, open_house_with: OpenHouse, redis_url: str, tmp_path: Path
) -> None:
    with postgres.database(postgres.template("migrated", migrate)) as url:
        desk = CliDesk(open_house_with(database_url=url, redis_url=redis_url))
        begin(desk, tmp_path)
        with no_room_for_an_email():
            hand_over(desk.house)
        told = desk.run("status").stdout
        assert "Alert 1, budget: paused" in told
        assert "disk full: there is no room left on the disk at var/outbox" in told
        assert "dispatch resume 1" in told
        assert counts(desk)["email"] == {"queued": 3}
        assert "Alert 1 is paused" in desk.run("send", "--campaign", "budget", "--yes", expect=1).stderr
        desk.run("resume")
        hand_over(desk.house)
        assert_everybody_has_one(desk, Path("var/outbox"))
        desk.house.db.close()


def test_the_same_on_a_small_disk(open_house_with: OpenHouse, redis_url: str, tmp_path: Path) -> None:
    outbox = tmp_path / "small"
    desk = CliDesk(
        open_house_with(redis_url=redis_url, email_url=f"outbox:{outbox}", sms_url=f"outbox:{outbox}")
    )
    with small_disk(outbox):
        begin(desk, tmp_path)
        fill(outbox / "filler")
        hand_over(desk.house)
        assert "Alert 1, budget: paused" in desk.run("status").stdout
        assert counts(desk) == {"email": {"queued": 3}, "sms": {"queued": 3}}
        (outbox / "filler").unlink()
        desk.run("resume")
        hand_over(desk.house)
        assert_everybody_has_one(desk, outbox)


def begin(desk: CliDesk, folder: Path) -> None:
    """Three people are to get an email and a text."""
    add_list(desk.house)
    add_people(desk.house, 3)
    write_campaign(folder)
    desk.run("send", "--campaign", "budget", "--yes")
