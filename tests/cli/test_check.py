"""`dispatch check`."""

import json
import re
from pathlib import Path

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from people import add_list
from terminal import at_terminal

from dispatcher.house import House
from houses import environment_of

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def budget(tmp_path: Path, desk: CliDesk) -> Path:  # noqa: ARG001 - its house has the list
    """The folder of a campaign that is as it should be, with three people on its list."""
    return write_campaign(tmp_path)


@pytest.mark.usefixtures("budget")
def test_a_campaign_that_is_right_is_ready_and_the_next_step_is_told(desk: CliDesk) -> None:
    told = desk.run("check", "budget").stdout.splitlines()
    assert told[0] == "Keep the budget whole"
    assert told[-1] == "budget is ready. Read it with `dispatch preview budget`."


@pytest.mark.usefixtures("budget")
def test_the_audience_is_told_with_what_its_texts_take(desk: CliDesk) -> None:
    told = desk.run("check", "budget").stdout
    assert "Email to 3 people\n" in told
    assert "Texts to 3 people: 3 segments\n" in told
    found = json.loads(desk.run("check", "budget", "--json").stdout)
    assert (found["ok"], found["errors"], found["warnings"], found["findings"]) == (True, 0, 0, [])
    assert found["people"] == {"email": {"en": 3}, "sms": {"en": 3}}
    assert found["texts"]["en"]["segments"] == 3


def test_findings_are_told_by_file_and_line_with_what_to_do(desk: CliDesk, budget: Path) -> None:
    (budget / "body.html").write_text('<p>\nTODO</p>\n<p><a href="/donate">Give</a></p>')
    told = desk.run("check", "budget", expect=1).stdout.splitlines()
    at = told.index("templates/campaigns/budget/body.html")
    assert told[at + 1 : at + 5] == [
        "  error      2  'TODO' looks as if something is still to be written here.",
        "                Write it, or take it out.",
        "  error      3  The link '/donate' isn't a whole address: it leads nowhere from an email.",
        "                Write the whole address, beginning with https://.",
    ]
    assert told[-1].startswith("budget can't be sent: 2 errors")


def test_findings_as_json_name_file_line_and_severity(desk: CliDesk, budget: Path) -> None:
    (budget / "body.html").write_text("<p>\n{{ frist_name }}</p>")
    answer = json.loads(desk.run("check", "budget", "--json", expect=1).stdout)
    assert (answer["ok"], answer["error"]["code"]) == (False, "broken_campaign")
    assert answer["findings"][0] == {
        "severity": "error",
        "file": "templates/campaigns/budget/body.html",
        "line": 2,
        "problem": "'frist_name' isn't known here.",
        "mend": "Did you mean first_name?",
    }


def test_warnings_keep_nothing_from_being_sent(desk: CliDesk, budget: Path) -> None:
    (budget / "sms.txt").write_text("ICIRR: call today! Free money! Reply STOP to stop.\n")
    told = desk.run("check", "budget").stdout
    assert "\ntemplates/campaigns/budget/sms.txt\n  warning    1  Carriers filter" in told
    assert told.endswith("budget is ready, with 1 warning. Read it with `dispatch preview budget`.\n")


def test_at_a_terminal_it_is_in_colour_and_no_wider_than_that(desk: CliDesk, budget: Path) -> None:
    (budget / "subject.txt").write_text("Keep the budget whole " * 4)
    narrow = {**environment_of(desk.house.settings), "COLUMNS": "60"}
    with at_terminal("check", "budget", env=narrow) as terminal:
        assert terminal.end() == 0
    assert "\x1b[33mwarning\x1b[0m    1  The subject has 87 characters" in terminal.shown
    assert max(map(len, ANSI.sub("", terminal.shown).partition("\r\n\r\nEmail")[0].splitlines())) <= 60
    with at_terminal("check", "budget", env={**narrow, "NO_COLOR": "1"}) as terminal:
        assert terminal.end() == 0
    assert "\x1b" not in terminal.shown


def test_a_template_that_cannot_be_read_is_told_with_file_and_line(desk: CliDesk, budget: Path) -> None:
    (budget / "body.html").write_text("<p>\n{% if name %}\n</p>")
    refused = desk.run("check", "budget", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "broken_campaign"
    assert refused.stderr.startswith("Error: templates/campaigns/budget/body.html:")


def test_a_campaign_that_was_only_begun_cannot_be_sent(cli: CliDesk, house: House) -> None:
    add_list(house, "everyone")
    cli.run("campaigns", "new", "rents")
    told = cli.run("check", "rents", expect=1).stdout
    assert "\ntemplates/campaigns/rents/body.html\n  error         This is still the example" in told
    assert "rents can't be sent: 6 errors, 2 warnings." in told


@pytest.mark.usefixtures("budget")
def test_without_a_database_the_files_are_looked_over_all_the_same(desk: CliDesk, tmp_path: Path) -> None:
    (tmp_path / "var" / "dispatch.db").unlink()
    looked = desk.run("check", "budget")
    assert "The audience wasn't looked at: " in looked.stderr
    assert "budget is ready." in looked.stdout


def test_an_unknown_campaign_is_answered_with_the_nearest_name(cli: CliDesk) -> None:
    refused = cli.run("check", "dacca", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "unknown_campaign"
    assert "Did you mean daca?" in refused.stderr
