"""`dispatch retry`: a person's decision about what failed or is uncertain."""

import json
from pathlib import Path
from typing import Any

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from people import add_people

from dispatcher.models import Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import begin, move_all


@pytest.fixture
def troubled(desk: CliDesk, tmp_path: Path) -> CliDesk:
    """Of five emails two failed, for two reasons, and one is uncertain."""
    add_people(desk.house, 2, channels=[Channel.EMAIL])
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    desk.run("send", "--campaign", "budget", "--yes")
    becomes = {
        1: (Status.FAILED, "template"),
        2: (Status.FAILED, "smtp 550"),
        3: (Status.UNCERTAIN, "timeout"),
    }
    with desk.house.db.transaction() as session:
        begin(session, list(becomes))
        for number, (status, error) in becomes.items():
            move_all(session, 1, status, Message.id == number, error=error)
    return desk


def counts(desk: CliDesk) -> Any:
    return json.loads(desk.run("status", "1", "--json").stdout)["alerts"][0]["counts"]["email"]


def test_what_failed_is_told_by_reason_and_queued_again(troubled: CliDesk) -> None:
    assert counts(troubled) == {"failed": 2, "queued": 2, "uncertain": 1}
    done = troubled.run("retry", "budget", "--failed", "--yes")
    assert "1  smtp 550" in done.stdout
    assert "1  template" in done.stdout
    assert "2 queued again." in done.stdout
    assert counts(troubled) == {"queued": 4, "uncertain": 1}


def test_the_answer_as_json_says_how_many(troubled: CliDesk) -> None:
    answer = json.loads(troubled.run("retry", "1", "--uncertain", "--yes", "--json").stdout)
    assert (answer["queued"], answer["alert"]) == (1, 1)
    assert answer["counts"]["email"] == {"failed": 2, "queued": 3}


def test_it_asks_first(troubled: CliDesk) -> None:
    refused = troubled.run("retry", "1", "--uncertain", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "not_confirmed"
    assert counts(troubled)["uncertain"] == 1


def test_with_nothing_to_retry_nothing_is_asked(troubled: CliDesk) -> None:
    troubled.run("retry", "1", "--uncertain", "--yes")
    assert "No message of alert 1 is uncertain." in troubled.run("retry", "1", "--uncertain").stdout


def test_which_ones_must_be_said(troubled: CliDesk) -> None:
    assert "--failed or --uncertain" in troubled.run("retry", "1", expect=2).stderr


def test_of_an_alert_that_is_over_nothing_is_retried(troubled: CliDesk) -> None:
    troubled.run("cancel", "1", "--yes")
    refused = troubled.run("retry", "1", "--failed", "--yes", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "alert_not_running"
