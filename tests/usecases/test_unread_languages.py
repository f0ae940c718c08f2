"""What practice leaves out: languages whose catalogue isn't there, isn't whole, or hasn't been read."""

from pathlib import Path

from campaigns import write_campaign
from people import add_list

from dispatcher.content.edition import freeze
from dispatcher.content.load import load_campaign
from dispatcher.house import House
from dispatcher.usecases.organisation import PRACTICE
from dispatcher.usecases.send_campaign import Request, plan
from dispatcher.usecases.unread_languages import unread_languages


def test_a_language_that_nobody_has_read_is_left_out_and_its_folder_with_it(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path, languages=["en", "es", "ko", "pt", "so"])
    (folder / "ko" / "campaign.toml").write_text('button = "지금"\n')
    catalogues = tmp_path / "templates" / "locale"
    catalogues.mkdir()
    (catalogues / "pt.po").write_text("half a file")
    source = load_campaign("budget")
    assert unread_languages(source) == ("ko", "pt", "so")
    left = freeze(source.without(unread_languages(source)), PRACTICE)
    assert left.languages.keys() == {"en", "es"}
    assert not [name for name in left.sources if name.startswith(("ko/", "pt/", "so/"))]


def test_a_campaign_in_an_unread_language_of_its_own_is_left_as_it_is(tmp_path: Path) -> None:
    write_campaign(tmp_path, languages=["ko"])
    assert unread_languages(load_campaign("budget")) == ()


def test_a_send_can_leave_languages_out(house: House, tmp_path: Path) -> None:
    write_campaign(tmp_path, languages=["en", "es", "ko"])
    add_list(house)
    planned = plan(house, Request("budget", without=("ko",)))
    assert planned.frozen.languages.keys() == {"en", "es"}
