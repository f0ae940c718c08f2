"""Staying with an alert: the bar, Ctrl-C, and a look from outside, before a real terminal."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from commands import dispatched, worker
from conftest import OpenHouse
from people import add_list, add_people
from terminal import at_terminal

from dispatcher.rules.alert import Channel
from houses import environment_of

pytestmark = pytest.mark.waits

SEND = ("send", "--campaign", "budget", "--yes")
ASKS = "[p]ause the alert, [l]eave it running without this window, or [g]o on looking? [g]: "
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9]")


@pytest.fixture
def slow(open_house_with: OpenHouse, redis_url: str, tmp_path: Path) -> Mapping[str, str]:
    """The environment of a house where 60 emails take half a minute."""
    house = open_house_with(redis_url=redis_url, rate_email="2/s")
    add_list(house)
    add_people(house, 60, channels=[Channel.EMAIL])
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    return environment_of(house.settings)


def state_of(env: Mapping[str, str]) -> str:
    return str(dispatched("status", "1", "--json", env=env).json["alerts"][0]["state"])


def test_ctrl_c_asks_and_the_alert_goes_on_or_is_paused(slow: Mapping[str, str]) -> None:
    with worker(slow), at_terminal(*SEND, "--wait", env=slow) as terminal:
        terminal.wait_for(" sent ")
        terminal.interrupt()
        terminal.wait_for(ASKS)
        terminal.type("g")
        terminal.wait_for("of 60")  # the bar is back
        terminal.interrupt()
        terminal.wait_for(ASKS)
        terminal.type("p")
        assert terminal.end() == 0
    assert "Paused;" in terminal.shown
    assert "Go on with `dispatch resume 1`" in terminal.shown
    assert state_of(slow) == "paused"


def test_ctrl_c_may_leave_the_alert_running_and_no_color_is_heeded(slow: Mapping[str, str]) -> None:
    with at_terminal(*SEND, "--wait", env={**slow, "NO_COLOR": "1"}) as terminal:
        terminal.wait_for("0 of 60")
        terminal.interrupt()
        terminal.wait_for(ASKS)
        terminal.type("l")
        assert terminal.end() == 0
    assert "The alert goes on without this window." in terminal.shown
    assert "dispatch status 1 --watch" in terminal.shown
    assert not COLOUR.search(terminal.shown)
    assert state_of(slow) == "running"


def test_a_second_ctrl_c_leaves_the_alert_running(slow: Mapping[str, str]) -> None:
    dispatched(*SEND, env=slow)
    with at_terminal("status", "--watch", env=slow) as terminal:
        terminal.wait_for("0 of 60")
        terminal.interrupt()
        terminal.wait_for(ASKS)
        terminal.interrupt_until("The alert goes on without this window.")
        assert terminal.end() == 0
    assert COLOUR.search(terminal.shown)
    assert state_of(slow) == "running"


def test_progress_is_on_stderr_and_only_before_a_terminal(desk: CliDesk, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    desk.run(*SEND)
    desk.run("cancel", "budget", "--yes")
    watched = desk.run("status", "--watch", "--json")
    assert json.loads(watched.stdout)["alerts"][0]["state"] == "cancelled"
    assert watched.stderr == ""
