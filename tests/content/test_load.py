"""A campaign's folder is read whole, or the error says which file and line to look at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dispatcher.content.files import read_text
from dispatcher.content.load import CampaignSource, list_campaigns, load_campaign
from dispatcher.errors import BrokenCampaign, UnknownCampaign
from dispatcher.rules.alert import Channel

WriteCampaign = Callable[..., CampaignSource]


def test_a_campaign_is_read_with_its_facts_and_parts(write_campaign: WriteCampaign) -> None:
    source = write_campaign()
    assert source.title == "Keep the budget whole"
    assert source.manifest.channels == (Channel.EMAIL, Channel.SMS)
    assert source.languages["en"].files["subject.txt"] == "Keep the budget whole\n"


def test_another_language_has_its_own_words_and_the_campaigns_link(write_campaign: WriteCampaign) -> None:
    source = write_campaign(
        files={"es/campaign.toml": 'title = "Presupuesto"\nbutton = "Llame"\n', "es/sms.txt": "ICIRR: STOP"}
    )
    spanish = source.languages["es"]
    assert (spanish.title, spanish.button) == ("Presupuesto", "Llame")
    assert spanish.action_url == "https://p2a.co/budget"
    assert source.sources["es/sms.txt"] == "ICIRR: STOP"


def test_a_language_counts_for_a_channel_only_when_all_its_parts_exist(write_campaign: WriteCampaign) -> None:
    source = write_campaign(
        files={"es/subject.txt": "Hola", "es/body.txt": "Hola", "es/sms.txt": "ICIRR STOP"}
    )
    assert not source.languages["es"].has(Channel.EMAIL)
    assert source.languages["es"].has(Channel.SMS)


def test_the_plain_text_can_be_left_out(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"es/subject.txt": "Hola", "es/body.html": "<p>Hola</p>"})
    assert source.languages["es"].has(Channel.EMAIL)


def test_the_campaigns_own_language_comes_first(write_campaign: WriteCampaign) -> None:
    assert list(write_campaign(files={"ar/sms.txt": "STOP"}).languages) == ["en", "ar"]


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"body.txt": b"\xef\xbb\xbfHello\r\nworld\r\n"})
    assert source.languages["en"].files["body.txt"] == "Hello\nworld\n"


def test_a_folder_beside_the_languages_is_left_alone(write_campaign: WriteCampaign, tmp_path: Path) -> None:
    (tmp_path / "templates/campaigns/budget/pictures").mkdir(parents=True)
    assert list(write_campaign().languages) == ["en"]


def test_the_working_folders_campaign_comes_before_the_shipped_one(write_campaign: WriteCampaign) -> None:
    assert write_campaign("daca").title == "Keep the budget whole"
    assert load_campaign("senators").slug == "senators"


def test_an_unknown_campaign_names_the_nearest_and_where_it_looked(write_campaign: WriteCampaign) -> None:
    write_campaign()
    with pytest.raises(UnknownCampaign) as refused:
        load_campaign("Budgte")
    assert "Did you mean budget?" in str(refused.value)
    assert str(Path("templates/campaigns")) in str(refused.value)
    assert "layouts" not in str(refused.value)


def test_an_unknown_campaign_unlike_any_other_lists_what_there_is() -> None:
    with pytest.raises(UnknownCampaign, match="There are: daca, everybody-2024, healthcare, senators"):
        load_campaign("zzzzzzzz")


@pytest.mark.parametrize(
    "slug",
    ["../daca", "daca/../daca", "/etc", ".", "", "DACA", "-daca", "daca\n", "daca\0", "d" * 65, "dacá"],
)
def test_a_name_that_is_no_slug_never_reaches_the_disk(slug: str) -> None:
    with pytest.raises(UnknownCampaign):
        load_campaign(slug)


BROKEN: list[tuple[str, str | bytes, str, str]] = [
    ("body.txt", b"Hello\nand\ncaf\xe9\n", "body.txt:3: ", "UTF-8"),
    ("body.txt", "Hello".encode("utf-16"), "body.txt: ", "UTF-8"),
    ("body.txt", b"Hello\0", "body.txt: ", "NUL"),
    ("body.html", "<p>\n{% if first_name %}\n</p>", "body.html:", "Unexpected end"),
    ("subject.txt", "Hello {{ first_name }", "subject.txt:1: ", "unexpected '}'"),
    ("body.html", "<p>\n{{ first_name|safe }}</p>", "body.html:2: ", "No filter named 'safe'"),
    ("body.html", "{% autoescape false %}{{ name }}{% endautoescape %}", "body.html:1: ", "always escaped"),
    ("body.html", "\n\n{% extends 'x.html' %}", "body.html:3: ", "layout"),
    ("body.html", "<p>x</p>\n<a title={{ first_name }}>x</a>", "body.html:2: ", "put quotes around"),
    ("body.html", '<p {{ first_name }} class="x">', "body.html:1: ", "put quotes around"),
    ("sms.txt", "{{ first_name.upper() }}", "sms.txt:1: ", "nothing can be called"),
    ("sms.txt", "{% macro a() %}{% endmacro %}", "sms.txt:1: ", "macro"),
    ("es/sms.txt", "{{ oops", str(Path("es/sms.txt:1: ")), "unexpected"),
    ("Spanish/sms.txt", "STOP", "Spanish: ", "es, pl"),
    ("en/sms.txt", "STOP", "en: ", "another language than en"),
    ("es/campaign.toml", 'level = "state"', "es/campaign.toml:1: ", "level isn't known here"),
]


@pytest.mark.parametrize(("name", "text", "place", "words"), BROKEN)
def test_a_broken_file_is_named_with_its_line(
    write_campaign: WriteCampaign, name: str, text: str | bytes, place: str, words: str
) -> None:
    with pytest.raises(BrokenCampaign) as refused:
        write_campaign(files={name: text})
    assert str(Path("templates/campaigns/budget") / place.rstrip()) in str(refused.value)
    assert words in str(refused.value)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(BrokenCampaign, match=r"sms.txt: can't be read: No such file"):
        read_text(tmp_path / "sms.txt")


def test_a_folder_without_facts_says_what_is_missing(write_campaign: WriteCampaign) -> None:
    with pytest.raises(BrokenCampaign, match=r"budget/campaign.toml: is missing"):
        write_campaign(files={"campaign.toml": None})


def test_a_broken_campaign_does_not_hide_the_others(write_campaign: WriteCampaign) -> None:
    with pytest.raises(BrokenCampaign):
        write_campaign(files={"sms.txt": "{{"})
    listed = {one.slug: one for one in list_campaigns()}
    assert listed["budget"].source is None
    assert "sms.txt:1" in listed["budget"].problem
    assert listed["daca"].source is not None
