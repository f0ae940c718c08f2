"""A campaign is looked over before it may be sent: errors stop it, warnings are handed on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import write_campaign

from dispatcher.content.load import load_campaign
from dispatcher.errors import BrokenCampaign
from dispatcher.rules.alert import Channel
from dispatcher.usecases.look_over import look_over
from dispatcher.usecases.organisation import PRACTICE

NOW = datetime(2030, 1, 1, tzinfo=UTC)
BOTH = (Channel.EMAIL, Channel.SMS)


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign that ends in two days."""
    return write_campaign(tmp_path, deadline=NOW + timedelta(days=2))


@pytest.mark.usefixtures("budget")
def test_a_campaign_that_is_right_is_frozen_without_a_word() -> None:
    frozen, warnings = look_over(load_campaign("budget"), PRACTICE, BOTH, NOW)
    assert (frozen.slug, frozen.organisation, warnings) == ("budget", PRACTICE, ())


@pytest.mark.usefixtures("budget")
def test_what_would_start_after_the_deadline_is_stopped() -> None:
    with pytest.raises(BrokenCampaign, match=r"campaign\.toml:\d: The deadline passed"):
        look_over(load_campaign("budget"), PRACTICE, BOTH, NOW + timedelta(days=3))


def test_the_first_error_is_told_with_how_many_more_there_are(budget: Path) -> None:
    (budget / "sms.txt").write_text("{{ oops }} {{ ouch }} STOP")
    with pytest.raises(BrokenCampaign) as broken:
        look_over(load_campaign("budget"), PRACTICE, BOTH, NOW)
    words = str(broken.value)
    assert words.startswith("templates/campaigns/budget/sms.txt:1: 'oops' isn't known here.")
    assert words.endswith("(And 1 more: `dispatch check budget` shows all.)")


def test_a_typo_that_was_mended_names_the_command_for_each_translation(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path, languages=["en", "es", "pl", "ar"])
    (folder / "sms.txt").write_text("ICIRR: {{ name or 'friend' }}, call to-day. Reply STOP to stop.")
    with pytest.raises(BrokenCampaign) as broken:
        look_over(load_campaign("budget"), PRACTICE, BOTH, NOW)
    accept = "`dispatch campaigns translate accept budget --language"
    assert str(broken.value).endswith(
        f"if it fits as it is, say so: {accept} ar`. Other translations that fit as they are: "
        f"{accept} es`, {accept} pl`. (And 2 more: `dispatch check budget` shows all.)"
    )


def test_an_error_without_a_line_names_its_file(budget: Path) -> None:
    (budget / "subject.txt").write_text("\n")
    with pytest.raises(BrokenCampaign, match=r"subject\.txt: Subject is empty\. Write a subject"):
        look_over(load_campaign("budget"), PRACTICE, BOTH, NOW)


def test_only_the_channels_that_are_meant_must_be_whole(budget: Path) -> None:
    (budget / "sms.txt").unlink()
    frozen, warnings = look_over(load_campaign("budget"), PRACTICE, [Channel.EMAIL], NOW)
    assert frozen.languages_for(Channel.EMAIL) == {"en"}
    assert warnings == ()
    with pytest.raises(BrokenCampaign, match=r"budget: there is nothing to send by sms: add sms\.txt"):
        look_over(load_campaign("budget"), PRACTICE, BOTH, NOW)


def test_a_half_written_language_is_a_warning(budget: Path) -> None:
    (budget / "es").mkdir()
    (budget / "es" / "subject.txt").write_text("Hola")
    _, warnings = look_over(load_campaign("budget"), PRACTICE, BOTH, NOW)
    missing = [warning.file.rpartition("/")[2] for warning in warnings if "missing" in warning.problem]
    assert missing == ["body.html", "sms.txt"]
