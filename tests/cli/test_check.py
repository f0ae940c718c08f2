"""`dispatch check`."""

import json
from pathlib import Path

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign that is as it should be."""
    return write_campaign(tmp_path)


@pytest.mark.usefixtures("budget")
def test_a_campaign_that_is_right_is_ready_and_the_next_step_is_told(cli: CliDesk) -> None:
    assert cli.run("check", "budget").stdout == "budget is ready. Read it with `dispatch preview budget`.\n"
    found = json.loads(cli.run("check", "budget", "--json").stdout)
    assert found == {"campaign": "budget", "ok": True, "findings": []}


def test_an_error_is_told_with_file_line_and_what_to_do(cli: CliDesk, budget: Path) -> None:
    (budget / "body.html").write_text("<p>\n{{ frist_name }}</p>")
    error, verdict = cli.run("check", "budget", expect=1).stdout.splitlines()
    assert error.startswith("ERROR templates/campaigns/budget/body.html:2: 'frist_name' isn't known here.")
    assert error.endswith("Did you mean first_name?")
    assert verdict == "budget can't be sent: 1 error. Mend it, then run `dispatch check budget` again."


def test_findings_as_json_name_file_line_and_severity(cli: CliDesk, budget: Path) -> None:
    (budget / "body.html").write_text("<p>\n{{ frist_name }}</p>")
    answer = json.loads(cli.run("check", "budget", "--json", expect=1).stdout)
    assert (answer["ok"], answer["error"]["code"]) == (False, "broken_campaign")
    assert answer["findings"] == [
        {
            "severity": "error",
            "file": "templates/campaigns/budget/body.html",
            "line": 2,
            "problem": "'frist_name' isn't known here.",
            "mend": "Did you mean first_name?",
        }
    ]


def test_warnings_keep_nothing_from_being_sent(cli: CliDesk, budget: Path) -> None:
    (budget / "es").mkdir()
    (budget / "es" / "sms.txt").write_text("ICIRR: STOP")
    told = cli.run("check", "budget").stdout
    assert told.startswith(
        "WARNING templates/campaigns/budget/es/subject.txt: subject.txt, body.html, body.txt"
    )
    assert "budget is ready, with 1 warning." in told


def test_a_template_that_cannot_be_read_is_told_with_file_and_line(cli: CliDesk, budget: Path) -> None:
    (budget / "body.html").write_text("<p>\n{% if name %}\n</p>")
    refused = cli.run("check", "budget", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "broken_campaign"
    assert refused.stderr.startswith("Error: templates/campaigns/budget/body.html:")


def test_a_campaign_that_was_only_begun_cannot_be_sent(cli: CliDesk) -> None:
    cli.run("campaigns", "new", "rents")
    told = cli.run("check", "rents", expect=1).stdout
    assert "ERROR templates/campaigns/rents/body.html: This is still the example" in told
    assert "rents can't be sent: 5 errors." in told


def test_an_unknown_campaign_is_answered_with_the_nearest_name(cli: CliDesk) -> None:
    refused = cli.run("check", "dacca", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "unknown_campaign"
    assert "Did you mean daca?" in refused.stderr
