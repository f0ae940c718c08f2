"""`dispatch status`."""

import json
from pathlib import Path

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from hand_over import hand_over
from people import add_list, add_people

from dispatcher.cli.out import PRACTICE
from dispatcher.usecases.send_campaign import Request, carry_out, plan

FIELDS = {"alert", "edition", "state", "held_until", "practice", "counts", "seconds"}


@pytest.fixture
def two_alerts(desk: CliDesk, tmp_path: Path) -> CliDesk:
    """A finished alert of `budget` and, after it, one of `rents` that waits."""
    for slug in ("budget", "rents"):
        write_campaign(tmp_path, slug)
        desk.run("send", "--campaign", slug, "--yes")
        if slug == "budget":
            hand_over(desk.house)
    return desk


def test_every_alert_is_listed_newest_first_with_the_objects_of_send(two_alerts: CliDesk) -> None:
    alerts = json.loads(two_alerts.run("status", "--json").stdout)["alerts"]
    assert [(one["alert"], one["campaign"], one["state"]) for one in alerts] == [
        (2, "rents", "running"),
        (1, "budget", "finished"),
    ]
    assert all(one.keys() >= FIELDS for one in alerts)
    assert alerts[1]["counts"] == {"email": {"sent": 3}, "sms": {"sent": 3}}


@pytest.mark.parametrize("ref", ["1", "budget"])
def test_one_alert_is_found_by_its_number_or_its_campaign(two_alerts: CliDesk, ref: str) -> None:
    assert [one["alert"] for one in json.loads(two_alerts.run("status", ref, "--json").stdout)["alerts"]] == [
        1
    ]
    told = two_alerts.run("status", ref).stdout
    assert "Alert 1, budget: finished" in told
    assert "sms   3 sent" in told
    assert PRACTICE in told


def test_watching_one_that_is_over_ends_at_once(two_alerts: CliDesk) -> None:
    assert "Alert 1, budget: finished" in two_alerts.run("status", "budget", "--watch").stdout


def test_an_unknown_alert_is_an_error(two_alerts: CliDesk) -> None:
    refused = two_alerts.run("status", "7", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "unknown_alert"


def test_before_the_first_alert_the_next_step_is_told(desk: CliDesk) -> None:
    assert "dispatch send --campaign" in desk.run("status").stdout
    assert json.loads(desk.run("status", "--json").stdout) == {"alerts": []}


def test_an_alert_that_nobody_sends_any_more_comes_with_a_warning(cli: CliDesk, tmp_path: Path) -> None:
    add_list(cli.house)
    add_people(cli.house, 1)
    write_campaign(tmp_path)
    assert "no worker" not in cli.run("status").stderr
    carry_out(cli.house, plan(cli.house, Request("budget")))  # as a machine that was restarted finds it
    warned = cli.run("status")
    assert "no worker is running. Start one with `dispatch worker`" in warned.stderr
    assert "email 1 queued" in warned.stdout
