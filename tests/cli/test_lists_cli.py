"""`dispatch lists`."""

import json

import pytest
from cli_desk import CliDesk
from people import add_person, suppress_person

from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason


def test_a_list_is_added_shown_and_counted_by_channel(cli: CliDesk) -> None:
    added = json.loads(
        cli.run("lists", "add", "daca", "--name", " ICIRR  alerts", "--sensitive", "--json").stdout
    )
    assert (added["slug"], added["public_name"], added["sensitive"]) == ("daca", "ICIRR alerts", True)
    add_person(cli.house, email="maria@example.org", phone="312-555-0100")
    stopped = add_person(cli.house, phone="312-555-0101")
    suppress_person(cli.house, stopped, Channel.SMS, SuppressionReason.STOP)

    shown = json.loads(cli.run("lists", "show", "daca", "--json").stdout)
    assert shown["people"] == {"email": 1, "sms": 2}
    assert shown["reachable"] == {"email": 1, "sms": 1}
    assert json.loads(cli.run("lists", "ls", "--json").stdout) == {"lists": [shown]}


def test_people_read_tables(cli: CliDesk) -> None:
    assert (
        "Added daca, known to people as 'ICIRR alerts'."
        in cli.run("lists", "add", "daca", "--name", "ICIRR alerts").stdout
    )
    assert "daca  ICIRR alerts" in cli.run("lists", "ls").stdout
    assert "0 agreed, 0 can be reached" in cli.run("lists", "show", "daca").stdout


def test_without_any_list_the_next_step_is_told(cli: CliDesk) -> None:
    assert "dispatch lists add daca" in cli.run("lists", "ls").stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "daca", "--name", "Again"), "list_exists"),
        (("add", "DACA 2", "--name", "x"), "wrong_list_name"),
        (("show", "dacca"), "unknown_list"),
    ],
)
def test_what_cannot_be_is_refused_by_code(cli: CliDesk, arguments: tuple[str, ...], code: str) -> None:
    cli.run("lists", "add", "daca", "--name", "ICIRR alerts")
    refused = cli.run("lists", *arguments, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == code


def test_a_list_is_closed_to_the_public_until_somebody_opens_it(cli: CliDesk) -> None:
    cli.run("lists", "add", "daca", "--name", "ICIRR alerts", "--sensitive")
    assert "closed; open it with `dispatch lists open daca`" in cli.run("lists", "show", "daca").stdout
    opened = cli.run("lists", "open", "daca")
    assert opened.stdout == "People join daca at http://localhost:8000/join/1\n"
    assert "the page for everybody doesn't name it" in opened.stderr
    assert json.loads(cli.run("lists", "show", "daca", "--json").stdout)["sign_up"].endswith("/join/1")
    assert "sensitive, open" in cli.run("lists", "ls").stdout
    assert "Who is on it stays" in cli.run("lists", "close", "daca").stdout
    assert json.loads(cli.run("lists", "show", "daca", "--json").stdout)["sign_up"] is None


def test_a_list_that_is_added_open_says_where_people_join_it(cli: CliDesk) -> None:
    added = cli.run("lists", "add", "vote", "--name", "Voting rights", "--open")
    assert "People join it at http://localhost:8000/join/1" in added.stdout
