"""An edition holds all that rendering needs, and knows whether the files have changed since."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatcher.content.edition import Frozen, Organisation, freeze, pick_language, why_inline_each
from dispatcher.content.load import CampaignSource
from dispatcher.content.render import Compiled, Person
from dispatcher.rules.alert import Channel

WriteCampaign = Callable[..., CampaignSource]
SPANISH = {"es/subject.txt": "Presupuesto", "es/body.html": "<p>Hola</p>", "es/body.txt": "Hola"}
NOT_SAFE = {
    "body.html": "<style>.hi + p { letter-spacing: 3px; }</style>"
    "{% if first_name %}<p class='hi'>{{ first_name }}</p>{% endif %}<p>x</p>"
}


def test_an_edition_comes_back_from_json_as_it_was(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    frozen = freeze(write_campaign(files=SPANISH), organisation)
    frozen = replace(frozen, deadline=datetime(2026, 12, 5, 23, tzinfo=UTC))
    again = Frozen.from_json(frozen.to_json())
    assert again == frozen
    assert again.sha256 == frozen.sha256
    assert isinstance(json.loads(frozen.to_json()), dict)


def test_a_language_is_there_for_the_channels_that_it_has_all_parts_of(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    half = {"pl/subject.txt": "x", "pl/body.txt": "x", "pl/sms.txt": "STOP"}
    frozen = freeze(write_campaign(files=SPANISH | half), organisation)
    assert frozen.languages_for(Channel.EMAIL) == {"en", "es"}
    assert frozen.languages_for(Channel.SMS) == {"en", "pl"}
    assert frozen.languages["pl"].subject is None


def test_a_channel_that_the_campaign_does_not_use_has_no_languages(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    manifest = (
        'title = "x"\nlevel = "state"\nlists = ["x"]\nchannels = ["email"]\naction_url = "https://p2a.co/x"\n'
    )
    frozen = freeze(write_campaign(files={"campaign.toml": manifest}), organisation)
    assert frozen.languages_for(Channel.SMS) == frozenset()


def test_css_is_inlined_once_where_that_is_safe(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    frozen = freeze(write_campaign(), organisation)
    html = frozen.languages["en"].html or ""
    assert not frozen.inline_each
    assert '<a class="button-link" href="{{ action_url }}" style="' in html
    assert '{{ first_name or "friend" }}' in html


def test_css_is_inlined_in_each_message_where_that_alone_is_right(
    write_campaign: WriteCampaign, organisation: Organisation, person: Callable[..., Person]
) -> None:
    frozen = freeze(write_campaign(files=NOT_SAFE), organisation)
    assert frozen.inline_each
    assert "something else" in why_inline_each("en", frozen.languages["en"], organisation)
    with_name = Compiled(frozen).preview_html(person())
    without = Compiled(frozen).preview_html(person(first_name=None))
    assert "letter-spacing:3px" in with_name
    assert "letter-spacing:3px" not in without


def test_one_language_that_is_not_safe_keeps_the_others_as_they_were(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    frozen = freeze(write_campaign(files=SPANISH | {"es/body.html": NOT_SAFE["body.html"]}), organisation)
    assert frozen.inline_each
    assert 'class="button-link" href="{{ action_url }}">' in (frozen.languages["en"].html or "")
    assert why_inline_each("en", frozen.languages["en"], organisation) == ""


def test_what_attributes_are_compared_with_is_tried(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    body = (
        "<style>.now + p { color: red; }</style>"
        "{% if attributes.tone|default('') == 'urgent' %}<p class='now'>Now</p>{% endif %}<p>x</p>"
    )
    assert freeze(write_campaign(files={"body.html": body}), organisation).inline_each


def test_the_same_files_make_the_same_edition(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    one, other = (freeze(write_campaign(files=SPANISH), organisation) for _ in range(2))
    assert one.sha256 == other.sha256
    assert one.differences(other) == []


def test_a_changed_file_shows_its_lines(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    before = freeze(write_campaign(files=SPANISH), organisation)
    after = freeze(write_campaign(files=SPANISH | {"es/subject.txt": "Presupuestos"}), organisation)
    assert before.sha256 != after.sha256
    assert before.differences(after) == [
        "--- es/subject.txt",
        "+++ es/subject.txt",
        "@@ -1 +1 @@",
        "-Presupuesto",
        "+Presupuestos",
    ]


def test_a_changed_layout_or_sender_is_a_change_too(
    write_campaign: WriteCampaign,
    write_layout: Callable[[str, str], object],
    organisation: Organisation,
) -> None:
    before = freeze(write_campaign(), organisation)
    renamed = freeze(write_campaign(), replace(organisation, from_name="Somebody"))
    assert "+DISPATCH_FROM_NAME = Somebody" in before.differences(renamed)
    write_layout("button.html", "<a href='{{ action_url }}'>{{ button }}</a>")
    assert "--- layouts/button.html" in before.differences(freeze(write_campaign(), organisation))


def test_a_file_that_no_message_is_made_of_is_no_change(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    before = freeze(write_campaign(), organisation)
    after = freeze(write_campaign(files={"notes.txt": "Ask Li about the hearing"}), organisation)
    assert before.sha256 == after.sha256


def test_a_file_that_came_or_went_is_a_change(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    before = freeze(write_campaign(), organisation)
    after = freeze(write_campaign(files={"es/sms.txt": "STOP\n"}), organisation)
    assert "+STOP" in before.differences(after)
    assert "-STOP" in after.differences(before)


@pytest.mark.parametrize(
    ("reader", "available", "language"),
    [
        ("es", {"en", "es"}, "es"),
        ("es-MX", {"en", "es"}, "es"),
        ("es_MX", {"en", "es"}, "es"),
        ("ES", {"en", "es"}, "es"),
        ("zh-Hant-TW", {"zh-Hant", "zh"}, "zh-Hant"),
        ("zh-TW", {"zh"}, "zh"),
        ("es", {"es-MX"}, None),
        ("fr", {"en", "es"}, None),
        ("", {"en"}, None),
        ("e", {"en"}, None),
    ],
)
def test_a_reader_gets_their_language_or_it_without_its_region(
    reader: str, available: set[str], language: str | None
) -> None:
    assert pick_language(reader, frozenset(available)) == language
