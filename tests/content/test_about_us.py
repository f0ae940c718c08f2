"""What pages say of the organisation: its own file, and nothing of anybody else's."""

from pathlib import Path

import pytest

from dispatcher.content.about_us import AboutUs, about_us, in_language
from dispatcher.content.locales import own_name
from dispatcher.errors import BrokenCampaign
from dispatcher.usecases.organisation import PRACTICE


def write(folder: Path, text: str) -> None:
    place = folder / "templates" / "pages"
    place.mkdir(parents=True)
    (place / "organisation.toml").write_text(text, encoding="utf-8")


def test_the_shipped_facts_are_for_one_organisation_alone() -> None:
    assert about_us(PRACTICE.name).short_name == "ICIRR"
    assert set(about_us(PRACTICE.name).mission) == {"en", "es", "pl", "ar"}
    assert about_us("Three Volunteers") == AboutUs()


def test_a_file_of_ones_own_counts_whatever_the_name_and_instead_of_the_shipped(tmp_path: Path) -> None:
    write(
        tmp_path,
        'short_name = "3V"\n[mission]\nes = "Ayudamos."\n[social]\nMastodon = "https://m.example/@3v"\n',
    )
    for name in ("Three Volunteers", PRACTICE.name):
        about = about_us(name)
        assert (about.short_name, about.site, dict(about.social)) == (
            "3V",
            "",
            {"Mastodon": "https://m.example/@3v"},
        )
    assert in_language(about_us("x").mission, "es-MX") == ("Ayudamos.", "es")
    assert in_language(about_us("x").mission, "pl") == ("Ayudamos.", "es")
    assert in_language({}, "pl") == ("", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x =", "isn't TOML"),
        ('donte = "https://x.example"', "donte isn't known here; did you mean donate?"),
        ("qqqqq = 1", "qqqqq isn't known here."),
        ('site = "http://x.example"', "site must be a whole link that begins with https://"),
        ('site = "https://x.example/\\""', "site must be a whole link"),
        ('social = "x"', "social must be a table"),
        ('[social]\nX = "javascript:alert(1)"', "social must be a whole link"),
        ('[mission]\nEnglish = "x"', "mission has 'English', which isn't a language's code"),
        ("[mission]\nen = 1", "mission must be one line"),
    ],
)
def test_a_wrong_line_is_named_with_what_would_be_right(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, text)
    with pytest.raises(BrokenCampaign) as refused:
        about_us("Three Volunteers")
    assert str(refused.value).startswith("templates/pages/organisation.toml: ")
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "English"),
        ("es", "Español"),
        ("ar", "العربية"),
        ("zh-Hans", "中文"),
        ("tl", "Filipino"),
        ("xx", "Xx"),
    ],
)
def test_a_language_says_its_own_name(language: str, name: str) -> None:
    assert own_name(language) == name
