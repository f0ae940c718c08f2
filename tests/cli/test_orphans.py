"""What a kill leaves running is stopped by the next command of the folder, whichever it is."""

import ast
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest
from campaigns import write_campaign
from commands import dispatched, until
from people import add_list, add_people

import dispatcher.cli
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from houses import environment_of
from servers.processes import kill, running

pytestmark = pytest.mark.waits


@pytest.fixture
def slow(house: House, tmp_path: Path) -> Mapping[str, str]:
    """The environment of a house with an embedded server, where 200 emails take a minute and more."""
    add_list(house)
    add_people(house, 200, channels=[Channel.EMAIL])
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    return environment_of(house.settings) | {"DISPATCH_RATE_EMAIL": "2/s"}


def ours(folder: Path) -> dict[int, str]:
    """The processes that work in this folder, but for the test itself, with their command lines."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = process.joinpath("cwd").readlink()
            command = process.joinpath("cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it has ended, or isn't ours to look at
        if where.is_relative_to(folder) and command and int(process.name) != os.getpid():
            found[int(process.name)] = command
    return found


def test_after_a_kill_the_next_command_leaves_no_process_behind(
    slow: Mapping[str, str], tmp_path: Path
) -> None:
    command = ("-P", "-m", "dispatcher", "send", "--campaign", "budget", "--yes", "--wait")
    with running(*command, environment=slow, log=tmp_path / "send.log"):
        until(lambda: any(Path("var").glob("outbox/*.eml")), "the first message")
        killed = {pid: line for pid, line in ours(tmp_path).items() if "redis-server" not in line}
        assert {"workers" in line for line in killed.values()} == {True, False}  # the command and its worker
        for pid in killed:
            kill(pid, signal.SIGKILL)
    assert ours(tmp_path)  # the server, orphaned
    told = dispatched("status", env=slow)
    until(lambda: not ours(tmp_path), f"no process any more, of {ours(tmp_path)}")
    assert "no worker is running" in told.err


def test_every_command_opens_the_house_where_orphans_are_swept() -> None:
    folder = Path(dispatcher.cli.__path__[0])
    openers = {
        path.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "dispatcher.house"
        if any(alias.name == "open_house" for alias in node.names)
    }
    assert openers == set()
