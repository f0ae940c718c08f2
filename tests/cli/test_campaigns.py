"""`dispatch campaigns`."""

import json
from pathlib import Path

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk

SHIPPED = ["daca", "everybody-2024", "healthcare", "senators"]


def test_the_shipped_campaigns_and_the_folders_own_are_listed(cli: CliDesk, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    listed = json.loads(cli.run("campaigns", "ls", "--json").stdout)["campaigns"]
    assert [one["slug"] for one in listed] == sorted([*SHIPPED, "budget"])
    assert listed[0] == {
        "slug": "budget",
        "title": "Keep the budget whole",
        "level": "state",
        "problem": None,
    }
    assert "budget          state    Keep the budget whole" in cli.run("campaigns", "ls").stdout


def test_a_broken_campaign_hides_no_other(cli: CliDesk, tmp_path: Path) -> None:
    (write_campaign(tmp_path) / "campaign.toml").write_text("title =")
    told = cli.run("campaigns", "ls").stdout
    assert "budget          BROKEN   templates/campaigns/budget/campaign.toml" in told
    assert "daca            federal" in told
    first = json.loads(cli.run("campaigns", "ls", "--json").stdout)["campaigns"][0]
    assert "isn't TOML" in first["problem"]


def test_a_campaign_is_shown_with_its_languages_by_channel(cli: CliDesk, tmp_path: Path) -> None:
    budget = write_campaign(tmp_path, languages=["en", "es"])
    (budget / "es" / "sms.txt").unlink()
    shown = json.loads(cli.run("campaigns", "show", "budget", "--json").stdout)
    assert shown["languages"] == {"email": ["en", "es"], "sms": ["en"]}
    assert (shown["lists"], shown["channels"], shown["deadline"]) == (["daca"], ["email", "sms"], None)
    told = cli.run("campaigns", "show", "budget").stdout
    assert "languages  email: en, es; sms: en\n" in told
    assert "sensitive  no\n" in told
    assert "deadline   -\n" in told


def test_a_campaign_can_be_begun_and_the_next_steps_are_told(cli: CliDesk, tmp_path: Path) -> None:
    told = cli.run("campaigns", "new", "rents").stdout
    assert (tmp_path / "templates" / "campaigns" / "rents" / "campaign.toml").exists()
    assert "dispatch check rents" in told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("new", "Rents"), "wrong_campaign_name"),
        (("new", "budget"), "campaign_exists"),
        (("show", "bugdet"), "unknown_campaign"),
    ],
)
def test_what_cannot_be_is_refused(
    cli: CliDesk, tmp_path: Path, arguments: tuple[str, str], code: str
) -> None:
    write_campaign(tmp_path)
    refused = cli.run("campaigns", *arguments, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == code
