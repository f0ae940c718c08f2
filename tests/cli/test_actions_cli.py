"""`dispatch actions`, and `send --include-acted`, as staff type them."""

import json
from pathlib import Path
from typing import Any

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from people import add_list, add_person

FILE = """\
email,phone,campaign,date
ana@example.org,,Budget,{day}
new@example.org,,Budget,{day}
,12,Budget,{day}
"""


@pytest.fixture(autouse=True)
def town(cli: CliDesk, tmp_path: Path) -> None:
    """Ana and Beto on a list, and its campaign."""
    add_list(cli.house)
    write_campaign(tmp_path)
    add_person(cli.house, email="ana@example.org")
    add_person(cli.house, email="beto@example.org")
    (tmp_path / "acts.csv").write_text(FILE.format(day=f"{cli.house.db.now():%Y-%m-%d}"))


def answer(cli: CliDesk, *arguments: str, expect: int = 0, given: str = "") -> Any:
    return json.loads(cli.run("actions", *arguments, "--json", expect=expect, given=given).stdout)


def test_acts_are_written_down_by_hand_and_strangers_are_named_by_their_line(cli: CliDesk) -> None:
    given = "ana@example.org\nnobody@example.org\nana@\n"
    told = answer(cli, "add", "-", "--campaign", "budget", given=given, expect=1)
    assert told["recorded"] == 1
    assert [(one["number"], one["code"]) for one in told["problems"]] == [
        (2, "unknown_subscriber"),
        (3, "domain"),
    ]
    again = cli.run("actions", "add", "ana@example.org", "--campaign", "budget", "--thank")
    assert again.stdout == "0 people acted on budget, newly written down.\n"
    earlier = cli.run("actions", "add", "2", "--campaign", "budget", "--on", "2026-01-05")
    assert earlier.stdout.startswith("1 person acted")


def test_a_file_is_imported_shown_and_taken_back(cli: CliDesk) -> None:
    rehearsal = answer(cli, "import", "acts.csv", "--campaign", "budget", "--dry-run")
    assert (rehearsal["batch"], rehearsal["recorded"]) == (None, 1)
    dry = cli.run("actions", "import", "acts.csv", "--campaign", "budget", "--dry-run").stdout
    assert "nothing was written down but that file." in dry
    done = cli.run("actions", "import", "acts.csv", "--map", "Budget=budget", "--from", "phone2action")
    assert "recorded" in done.stdout
    assert "acts.rejects.csv" in done.stdout
    assert (
        "  dispatch actions import acts.rejects.csv --map budget=budget --from phone2action\n" in done.stdout
    )
    assert "are nobody's here: not kept" in done.stdout
    assert "To take it back: dispatch actions import --undo 1" in done.stderr
    again = cli.run("actions", "import", "acts.csv", "--campaign", "budget", "--no-thanks")
    assert "were written down before" in again.stdout
    assert "--undo" not in again.stderr
    assert "campaign = 'campaign'" in done.stderr
    listed = answer(cli, "ls", "--campaign", "budget")
    assert listed["people"] == 1
    assert [(one["how"], one["acts"]) for one in listed["days"]] == [("imported", 1)]
    counted = {"recorded": 1, "unknown": 1, "rejected": 1}
    (batch,) = listed["imports"]
    assert {name: batch[name] for name in counted} == counted
    shown = cli.run("actions", "ls", "--campaign", "budget").stdout
    assert "1 person acted on budget." in shown
    assert "acts.csv" in shown
    assert "example.org" not in shown
    assert answer(cli, "import", "--undo", "1") == {"batch": 1, "undone": 1}
    assert "acts.rejects.csv" in cli.run("actions", "import", "acts.csv", "--campaign", "budget").stdout
    assert "Import 3 is taken back: 1 act." in cli.run("actions", "import", "--undo", "3").stdout


@pytest.mark.parametrize(
    "typed",
    [
        ("acts.csv",),
        ("--campaign", "budget"),
        ("acts.csv", "--map", "budget"),
        ("acts.csv", "--map", "=budget"),
        ("acts.csv", "--campaign", "budget", "--time-zone", "Mars"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(cli: CliDesk, typed: tuple[str, ...]) -> None:
    cli.run("actions", "import", *typed, expect=2)


def test_the_address_for_a_site_has_the_campaigns_number_alone(cli: CliDesk) -> None:
    told = answer(cli, "address", "--campaign", "budget")
    assert told["url"] == f"http://localhost:8000/actions/{told['number']}"
    shown = cli.run("actions", "address", "--campaign", "budget")
    assert shown.stdout.strip() == told["url"]
    assert "actions:write" in shown.stderr


def test_the_plan_says_who_has_acted_and_how_to_write_to_them_too(cli: CliDesk) -> None:
    cli.run("actions", "add", "ana@example.org", "--campaign", "budget")
    dry = ("send", "--campaign", "budget", "--channel", "email", "--dry-run")
    plan = json.loads(cli.run(*dry, "--json").stdout)
    assert plan["channels"]["email"]["left_out"] == {"has acted already": 1}
    assert (plan["total"], plan["include_acted"]) == (1, False)
    assert "1  left out: has acted already (--include-acted writes to them, too)" in cli.run(*dry).stdout
    whole = json.loads(cli.run(*dry, "--include-acted", "--json").stdout)
    assert (whole["total"], whole["include_acted"]) == (2, True)
    with Path("templates/campaigns/budget/campaign.toml").open("a") as file:
        file.write("acted_since = 2999-01-01\n")  # another vote: those acts were for the last one
    assert json.loads(cli.run(*dry, "--json").stdout)["total"] == 2
