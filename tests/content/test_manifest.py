"""campaign.toml: each fact is checked, and a wrong one gets its line and what would be right."""

from datetime import UTC, date, datetime

import pytest

from dispatcher.content.manifest import read_language_manifest, read_manifest
from dispatcher.errors import BrokenCampaign
from dispatcher.rules.actions import ThanksBy
from dispatcher.rules.alert import Channel

RIGHT = 'title = "Keep it"\nlevel = "state"\nlists = ["daca"]\n'


def test_what_may_be_left_out_has_its_default() -> None:
    manifest = read_manifest(RIGHT, "campaign.toml")
    assert manifest.channels == (Channel.EMAIL, Channel.SMS)
    assert manifest.deadline is None
    assert not manifest.sensitive
    assert (manifest.language, manifest.layout) == ("en", "email")


def test_what_is_said_is_remembered_and_channels_have_no_order() -> None:
    manifest = read_manifest(
        RIGHT + 'channels = ["sms", "email"]\nsensitive = true\nlanguage = "zh-Hans"\n', "x"
    )
    assert manifest.channels == (Channel.EMAIL, Channel.SMS)
    assert manifest.sensitive
    assert manifest.language == "zh-Hans"


def test_who_has_acted_is_thanked_by_email_and_from_a_day_on_it_is_another_vote() -> None:
    assert read_manifest(RIGHT, "x").thanks is ThanksBy.EMAIL
    manifest = read_manifest(RIGHT + 'thanks = "none"\nacted_since = 2026-12-01\n', "x")
    assert (manifest.thanks, manifest.acted_since) == (ThanksBy.NONE, date(2026, 12, 1))


def test_a_deadline_is_kept_in_utc() -> None:
    manifest = read_manifest(RIGHT + "deadline = 2026-12-05T17:00:00-06:00\n", "campaign.toml")
    assert manifest.deadline == datetime(2026, 12, 5, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('levle = "state"', "levle isn't known here; did you mean level?"),
        ('action_url = "p2a.co/x"', "action_url must be a whole link"),
        ('action_url = "javascript:alert(1)"', "action_url must be a whole link"),
        ('button = ""', "button must be one line of text"),
        ('button = """a\nb"""', "button must be one line of text"),
        ("deadline = 2026-12-05", "deadline must be a day, an hour and a zone"),
        ("deadline = 2026-12-05T17:00:00", "deadline must be a day, an hour and a zone"),
        ('sensitive = "yes"', "sensitive must be true or false"),
        ("sensitive = 1", "sensitive must be true or false"),
        ('channels = ["fax"]', 'channels must be ["email"]'),
        ("channels = [[1]]", 'channels must be ["email"]'),
        ('language = "English"', "language must be a language's code"),
        ('layout = "../x"', "layout must be the name"),
        ('color = "teal"', "color must be a colour such as"),
        ('color = "#ffcc00"', "color is too light for words"),
        ('thanks = "post"', 'thanks must be "email", "sms" or "none"'),
        ("thanks = ['sms']", 'thanks must be "email", "sms" or "none"'),
        ("acted_since = 2026-12-01T09:00:00", "acted_since must be a day without quotes"),
        ('acted_since = "2026-12-01"', "acted_since must be a day without quotes"),
    ],
)
def test_a_wrong_fact_gets_its_line_and_what_would_be_right(line: str, words: str) -> None:
    with pytest.raises(BrokenCampaign) as refused:
        read_manifest(RIGHT + line + "\n", "campaign.toml")
    assert str(refused.value).startswith("campaign.toml:4: ")
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('level = "state"', 'level = "fedral"', ":2: level must be one of federal, state, local"),
        ('lists = ["daca"]', 'lists = "daca"', ":3: lists must be a list of names"),
        ('lists = ["daca"]', 'lists = ["DACA list"]', ":3: lists names 'DACA list'"),
        ('title = "Keep it"\n', "", ": has no title"),
        ('title = "Keep it"', "title = Keep it", ":1: isn't TOML"),
    ],
)
def test_a_required_fact_is_never_guessed(old: str, new: str, words: str) -> None:
    with pytest.raises(BrokenCampaign) as refused:
        read_manifest(RIGHT.replace(old, new), "campaign.toml")
    assert f"campaign.toml{words}" in str(refused.value)


def test_a_language_says_only_what_differs() -> None:
    manifest = read_language_manifest('button = "Actúe"', "es/campaign.toml")
    assert (manifest.title, manifest.action_url, manifest.button) == (None, None, "Actúe")
