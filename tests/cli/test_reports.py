"""`dispatch report`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cli_desk import CliDesk
from past_alerts import BEGAN, Told, act, past_alert
from people import add_list, add_people

from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status


@pytest.fixture
def reported(cli: CliDesk) -> CliDesk:
    """Two alerts of the campaign, to people on twelve domains, with something that went wrong."""
    add_list(cli.house)
    people = [
        one
        for nth in range(12)
        for one in add_people(cli.house, 10, domain=f"a-rather-long-name-of-{nth}.members.example.org")
    ]
    past_alert(cli.house, [Told(one) for one in people])
    told = [Told(one, language="en" if nth % 3 else "es") for nth, one in enumerate(people)]
    told[0] = Told(people[0], Status.BOUNCED, error="smtp 550 5.1.1")
    texts = [Told(one, Status.SENT, Channel.SMS, segments=2) for one in people[:3]]
    past_alert(cli.house, [*told, *texts], began=BEGAN + timedelta(days=9), name="2", practice=False)
    act(cli.house, *people[10:30], at=BEGAN + timedelta(days=10))
    return cli


def test_it_reads_well_in_eighty_columns(reported: CliDesk) -> None:
    told = reported.run("report", "budget").stdout
    assert all(len(line) <= 80 for line in told.splitlines()), told
    assert "119 of 120 emails arrived." in told
    assert "20 people acted, 0 left. 1 address is dead" in told
    assert "20 (16.7% of sent)" in told
    assert "not told" in told
    assert "and 2 more with 20 (--json has all)" in told
    assert "better" in told
    assert "What to do\n  1. 1 email" in told


def test_the_first_alert_has_nothing_to_be_compared_with(reported: CliDesk) -> None:
    told = reported.run("report", "1").stdout
    assert "earlier" not in told
    assert "What went wrong" not in told
    assert "What to do" not in told


def test_json_csv_and_page_are_written(reported: CliDesk, tmp_path: Path) -> None:
    found = reported.run("report", "2", "--json", "--csv", "r.csv", "--html", "r.html")
    assert json.loads(found.stdout)["campaign"] == "budget"
    assert "Written to r.csv.\nWritten to r.html.\n" in found.stderr
    for name in ("r.csv", "r.html"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "r.html").read_text().startswith("<!DOCTYPE html>")
    assert reported.run("report", "2", "--csv", "-").stdout.startswith("alert,practice,section,")


def test_a_sensitive_campaigns_name_leaves_only_when_asked(cli: CliDesk) -> None:
    add_list(cli.house, sensitive=True)
    past_alert(cli.house, [Told(one) for one in add_people(cli.house, 3)])
    for form in ("--json", "--csv=-", "--html=-"):
        assert "budget" not in cli.run("report", "1", form).stdout.lower()
        assert "budget" in cli.run("report", "1", form, "--name").stdout.lower()


def test_practice_says_so_first_and_last(cli: CliDesk) -> None:
    add_list(cli.house)
    past_alert(cli.house, [Told(one) for one in add_people(cli.house, 3)], practice=True)
    lines = cli.run("report", "1").stdout.splitlines()
    assert lines[0] == lines[-1] == "PRACTICE: nothing left this machine"


def test_an_alert_that_has_not_begun_says_so(cli: CliDesk) -> None:
    past_alert(cli.house, [], began=None)
    assert "hasn't begun yet" in cli.run("report", "1").stdout


def test_one_that_is_not_there_is_refused(cli: CliDesk) -> None:
    assert json.loads(cli.run("report", "99", "--json", expect=1).stdout)["error"]["code"] == "unknown_alert"
