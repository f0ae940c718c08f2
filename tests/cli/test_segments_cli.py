"""`dispatch segments`, `attributes`, `actions` and `suppressions`, and `--where`: as staff type them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from people import add_list, add_person

from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.suppress import suppress

PEOPLE = "email,zip,language,union\na@example.org,60608,es,yes\nb@example.org,60622,en,no\n"


@pytest.fixture(autouse=True)
def town(cli: CliDesk, tmp_path: Path) -> None:
    """Two people with an attribute, and a saved segment that means one of them."""
    add_list(cli.house, "rents", "Tenants' alerts")
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "attributes.toml").write_text('[union]\ntype = "yes_no"\nlabel = "Union?"\n')
    (tmp_path / "segments.toml").write_text("pilsen = 'language = es and postal_code = 60608'\nbad = 'x ='\n")
    write_campaign(tmp_path, lists=["rents"])
    consent = ("--list", "rents", "--consent-source", "a test", "--keep", "union")
    cli.run("subscribers", "import", "people.csv", *consent)


def answer(cli: CliDesk, *arguments: str, expect: int = 0, given: str = "") -> Any:
    return json.loads(cli.run(*arguments, "--json", expect=expect, given=given).stdout)


def test_a_segment_is_checked_before_it_is_used(cli: CliDesk) -> None:
    assert answer(cli, "segments", "check", "pilsen and union") == {
        "segment": "(language = es and postal_code = 60608) and union",
        "people": 1,
        "reachable": {"email": 1, "sms": 0},
    }
    assert "1 person" in cli.run("segments", "check", "pilsen").stdout
    refused = cli.run("segments", "check", "langauge = es", expect=1)
    assert refused.stderr.splitlines()[1:] == ["  langauge = es", "  ^"]
    error = answer(cli, "segments", "check", "x =", expect=1)["error"]
    assert error["code"] == "wrong_segment"


def test_saved_segments_are_listed_with_what_is_wrong_in_them(cli: CliDesk, tmp_path: Path) -> None:
    good, bad = answer(cli, "segments", "ls")["segments"]
    assert (good["people"], "it isn't finished" in bad["problem"]) == (1, True)
    listed = cli.run("segments", "ls")
    assert "pilsen" in listed.stdout
    assert "bad: " in listed.stderr
    (tmp_path / "segments.toml").unlink()
    assert "There is none yet." in cli.run("segments", "ls").stderr


def test_people_are_listed_and_exported_by_a_segment(cli: CliDesk) -> None:
    found = answer(cli, "subscribers", "ls", "--where", "not union")["subscribers"]
    assert [one["id"] for one in found] == [2]
    rows = list(csv.reader(io.StringIO(cli.run("subscribers", "export", "--where", "pilsen").stdout)))
    assert [row[1] for row in rows] == ["email", "a@example.org"]


def test_attributes_are_listed_and_indexed(cli: CliDesk, tmp_path: Path) -> None:
    assert answer(cli, "attributes", "ls")["attributes"] == [
        {"name": "union", "type": "yes_no", "label": "Union?", "people": 2}
    ]
    (tmp_path / "attributes.toml").write_text('[union]\ntype = "number"\n')
    indexed = cli.run("attributes", "index")
    assert "Looked at 2 people." in indexed.stdout
    assert "2 values of union aren't of the type number" in indexed.stderr
    assert answer(cli, "attributes", "index")["unreadable"] == {"union": 2}
    (tmp_path / "attributes.toml").unlink()
    assert "There is none yet." in cli.run("attributes", "ls").stderr


def test_the_dry_run_of_a_send_shows_its_segment(cli: CliDesk) -> None:
    send = (
        "send",
        "--campaign",
        "budget",
        "--channel",
        "email",
        "--dry-run",
        "--segment",
        "pilsen or union = no",
    )
    planned = answer(cli, *send, "--except", "union", "--fallback")
    assert planned["segments"] == ["(language = es and postal_code = 60608) or union = no"]
    assert (planned["exceptions"], planned["people"]) == (["union"], 1)
    shown = cli.run(*send, "--except", "union", "--fallback").stdout
    assert "  only who is in: (language = es" in shown
    assert "  but not who is in: union\n" in shown


def test_acts_are_written_down_from_standard_input(cli: CliDesk) -> None:
    add = ("actions", "add", "--campaign", "budget")
    assert answer(cli, *add, "--on", "2026-11-01", "-", given="a@example.org\n")["recorded"] == 1
    told = cli.run(*add, "a@example.org", "who@example.org", "x", expect=1)
    assert "1 person acted on budget, newly written down." in told.stdout
    assert told.stderr.count("Address ") == 2
    assert "who@example.org" not in told.stderr
    assert answer(cli, "segments", "check", "acted(budget, since 2026-11-02)")["people"] == 1


def test_suppressions_are_imported_added_and_counted_without_showing_an_address(cli: CliDesk) -> None:
    reason = ("--reason", "last year's tool")
    gone = "Email Address\na@example.org\nnone\n"
    first = cli.run("suppressions", "import", "-", "--channel", "email", *reason, "--dry-run", given=gone)
    assert "This was a dry run" in first.stdout
    assert "Line 3: The email address has no @." in first.stderr
    found = answer(cli, "suppressions", "import", "-", "--channel", "email", *reason, given=gone)
    assert (found["added"], found["invalid"], found["left"]) == (1, 1, 1)
    added = cli.run("suppressions", "add", *reason, "312-555-0101", "x", expect=1)
    assert "Newly suppressed: 1" in added.stdout
    assert answer(cli, "suppressions", "add", "-", *reason, given="312-555-0101\n")["known"] == 1
    shown = cli.run("suppressions", "ls")
    assert "The addresses themselves aren't kept" in shown.stderr
    assert "example.org" not in shown.stdout
    assert answer(cli, "suppressions", "ls")["suppressions"] == [
        {"channel": "email", "reason": "by_staff", "source": "last year's tool", "addresses": 1},
        {"channel": "sms", "reason": "stop", "source": "last year's tool", "addresses": 1},
    ]


def test_only_what_bounces_brought_is_lifted(cli: CliDesk) -> None:
    known = ("--reason", "she called")
    asked = cli.run("suppressions", "add", *known, "a@example.org")
    assert "Newly suppressed: 1" in asked.stdout
    refused = cli.run("suppressions", "lift", *known, "a@example.org", expect=1)
    assert "Only its owner" in refused.stderr
    assert answer(cli, "suppressions", "lift", *known, "b@example.org") == {"lifted": 0, "not_suppressed": 1}
    with cli.house.db.transaction() as session:
        key = cli.house.keys.address_key("b@example.org")
        suppress(session, Channel.EMAIL, key, SuppressionReason.BOUNCED, "told by ses")
    assert "Lifted: 1." in cli.run("suppressions", "lift", "-", *known, given="b@example.org\n").stdout


def test_a_person_by_hand_is_known_to_segments_too(cli: CliDesk) -> None:
    add_person(cli.house, email="c@example.org", lists=("rents",), language="pl")
    assert answer(cli, "segments", "check", "language = pl and on(rents, email)")["people"] == 1
