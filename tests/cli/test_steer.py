"""`dispatch pause`, `resume`, `cancel` and `resume --corrected`."""

import json
from pathlib import Path
from typing import Any

import pytest
from campaigns import messages_of, write_campaign
from cli_desk import CliDesk
from hand_over import hand_over

from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import begin


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign."""
    return write_campaign(tmp_path)


@pytest.fixture
def running(desk: CliDesk, budget: Path) -> CliDesk:
    """Six messages of alert 1 wait to be sent."""
    desk.run("send", "--campaign", budget.name, "--yes")
    return desk


@pytest.fixture
def two_running(running: CliDesk, tmp_path: Path) -> CliDesk:
    """Alert 2, of `rents`, waits too."""
    write_campaign(tmp_path, "rents")
    running.run("send", "--campaign", "rents", "--yes")
    return running


def states(desk: CliDesk) -> list[Any]:
    """The alerts' states, the oldest first."""
    alerts = json.loads(desk.run("status", "--json").stdout)["alerts"]
    return [one["state"] for one in reversed(alerts)]


def error_code(desk: CliDesk, *arguments: str) -> str:
    return str(json.loads(desk.run(*arguments, "--json", expect=1).stdout)["error"]["code"])


def test_the_only_alert_needs_no_name(running: CliDesk) -> None:
    assert "Alert 1 is paused. Go on with `dispatch resume 1`." in running.run("pause").stdout
    assert states(running) == ["paused"]
    assert "Alert 1 goes on. Look at it with `dispatch status 1 --watch`." in running.run("resume").stdout
    assert states(running) == ["running"]
    assert "Alert 1 is cancelled; 6 messages will never be sent." in running.run("cancel", "--yes").stdout
    assert states(running) == ["cancelled"]
    assert {message.status for message in messages_of(running.house)} == {Status.CANCELLED}


def test_of_several_the_one_that_is_meant_must_be_named(two_running: CliDesk) -> None:
    asked = two_running.run("pause", expect=2)
    assert "There are alert 1 (budget), alert 2 (rents). Name one, or say --all." in asked.stderr
    two_running.run("pause", "rents")
    assert states(two_running) == ["running", "paused"]


def test_all_means_all(two_running: CliDesk) -> None:
    paused = json.loads(two_running.run("pause", "--all", "--json").stdout)["alerts"]
    assert [(one["alert"], one["state"]) for one in paused] == [(1, "paused"), (2, "paused")]
    two_running.run("resume", "--all")
    assert states(two_running) == ["running", "running"]
    two_running.run("cancel", "--all", "--yes")
    assert states(two_running) == ["cancelled", "cancelled"]


def test_a_name_and_all_contradict_each_other(running: CliDesk) -> None:
    assert "Name an alert, or say --all." in running.run("pause", "1", "--all", expect=2).stderr


def test_what_has_sent_everything_is_not_meant(two_running: CliDesk, tmp_path: Path) -> None:
    hand_over(two_running.house)
    assert error_code(two_running, "pause") == "no_such_alert"
    assert "There was nothing to do." in two_running.run("pause", "--all").stdout
    write_campaign(tmp_path, "wages")
    two_running.run("send", "--campaign", "wages", "--yes")
    two_running.run("pause")
    assert states(two_running) == ["finished", "finished", "paused"]


def test_what_cannot_be_done_says_why(running: CliDesk) -> None:
    assert error_code(running, "resume") == "no_such_alert"
    assert error_code(running, "pause", "7") == "unknown_alert"
    running.run("cancel", "--yes")
    assert error_code(running, "resume", "1") == "alert_not_running"


def test_cancelling_asks_first(running: CliDesk) -> None:
    assert error_code(running, "cancel") == "not_confirmed"
    assert states(running) == ["running"]


def test_what_is_with_the_provider_already_is_told(running: CliDesk) -> None:
    with running.house.db.transaction() as session:
        begin(session, [1, 2])
    assert "2 messages had been handed to the provider already." in running.run("pause").stdout


def test_a_correction_is_shown_and_reaches_those_who_still_wait(running: CliDesk, budget: Path) -> None:
    running.run("pause")
    (budget / "subject.txt").write_text("Keep the whole budget")
    assert error_code(running, "resume", "--corrected") == "not_confirmed"
    corrected = running.run("resume", "--corrected", "--yes")
    assert "+Keep the whole budget" in corrected.stderr
    assert "Alert 1 goes on with the correction: 6 messages to come carry it." in corrected.stdout
    assert {message.edition_number for message in messages_of(running.house)} == {2}
    assert states(running) == ["running"]


def test_corrections_of_several_are_one_object(two_running: CliDesk, tmp_path: Path) -> None:
    for slug in ("budget", "rents"):
        (tmp_path / "templates" / "campaigns" / slug / "sms.txt").write_text(
            "ICIRR: sorry. Reply STOP to stop."
        )
    done = two_running.run("resume", "--corrected", "--all", "--yes", "--json")
    assert [one["edition"] for one in json.loads(done.stdout)["alerts"]] == [2, 2]


def test_a_correction_that_comes_too_late_says_so(running: CliDesk, budget: Path) -> None:
    hand_over(running.house)
    (budget / "subject.txt").write_text("Keep the whole budget")
    late = running.run("resume", "1", "--corrected", "--yes").stdout
    assert "nobody was waiting any more" in late


def test_without_a_change_there_is_nothing_to_correct(running: CliDesk) -> None:
    assert error_code(running, "resume", "--corrected", "--yes") == "nothing_to_correct"


def test_a_correction_with_an_error_in_it_is_refused(running: CliDesk, budget: Path) -> None:
    (budget / "sms.txt").write_text("ICIRR: {{ oops }} Reply STOP to stop.")
    refused = running.run("resume", "--corrected", "--yes", expect=1)
    assert "sms.txt:1: 'oops' isn't known here" in refused.stderr
    assert {message.edition_number for message in messages_of(running.house)} == {1}
