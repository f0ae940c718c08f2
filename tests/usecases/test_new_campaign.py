"""`dispatch campaigns new`: a folder with words to replace, never over anybody's own."""

from pathlib import Path

import pytest

from dispatcher.content.load import load_campaign
from dispatcher.errors import CampaignExists, WrongCampaignName
from dispatcher.rules.alert import Channel
from dispatcher.usecases.new_campaign import new_campaign


def test_a_new_campaign_can_be_loaded_at_once(tmp_path: Path) -> None:
    folder = new_campaign("state-budget-2027")
    assert folder == tmp_path / "templates" / "campaigns" / "state-budget-2027"
    source = load_campaign("state-budget-2027")
    assert source.folder == folder
    assert all(source.languages["en"].has(channel) for channel in Channel)


def test_a_campaign_that_is_there_is_not_written_over() -> None:
    subject = new_campaign("budget") / "subject.txt"
    subject.write_text("Our own words")
    with pytest.raises(CampaignExists, match="budget is there already"):
        new_campaign("budget")
    assert subject.read_text() == "Our own words"


@pytest.mark.parametrize("slug", ["", "Budget", "../budget", "state budget", "-budget", "b" * 65])
def test_a_name_that_makes_no_folder_is_refused(slug: str, tmp_path: Path) -> None:
    with pytest.raises(WrongCampaignName, match="small letters, digits and hyphens"):
        new_campaign(slug)
    assert not (tmp_path / "templates").exists()
