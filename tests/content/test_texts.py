"""Texts beyond their words: how to stop, the short link, and signs that are spelled plainly."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatcher.content.edition import Frozen
from dispatcher.content.personal import always_tells_stop, personal_names
from dispatcher.content.render import Compiled, Person, RenderFailed

MakePerson = Callable[..., Person]
MakeFrozen = Callable[..., Frozen]
SHORT = {"en": "https://go.example.org/k/0001Ab3d"}


def test_a_text_that_does_not_say_how_to_stop_gets_the_line_when_it_is_due(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    compiled = Compiled(frozen(sms="ICIRR: call today\n"))
    told, bare = compiled.sms(person()), compiled.sms(person(stop_due=False))
    assert (told.body, told.tells_stop) == ("ICIRR: call today\nReply STOP to stop", True)
    assert (bare.body, bare.tells_stop) == ("ICIRR: call today", False)


@pytest.mark.parametrize("due", [True, False])
def test_a_text_that_says_it_says_it_once(person: MakePerson, frozen: MakeFrozen, due: bool) -> None:
    text = Compiled(frozen()).sms(person(stop_due=due))
    assert (text.body, text.tells_stop) == ("ICIRR: Ana Reply STOP to stop", True)


def test_the_line_counts(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(sms="x" * 150))
    assert [compiled.sms(person(stop_due=due)).segments for due in (True, False)] == [2, 1]
    with pytest.raises(RenderFailed, match="1609 characters"):
        Compiled(frozen(sms="x" * 1590)).sms(person())


def test_a_short_link_stands_for_the_action_link_in_texts_alone(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    content = frozen(sms="ICIRR: {{ action_url }} or https://p2a.co/x", text="{{ action_url }}\n")
    compiled = Compiled(content, short_links=SHORT)
    body = compiled.sms(person(stop_due=False)).body
    assert body == "ICIRR: https://go.example.org/k/0001Ab3d or https://p2a.co/x"
    assert compiled.preview_text(person()) == "https://p2a.co/budget?a=1&b=2\n"


def test_a_language_without_a_short_link_keeps_its_own(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(sms="{{ action_url }}"), short_links={"es": SHORT["en"]})
    assert compiled.sms(person(stop_due=False)).body == "https://p2a.co/budget?a=1&b=2"


def test_signs_are_spelled_plainly_only_where_the_campaign_says_so(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    content = frozen(sms="It\u2019s today. " + "a" * 80)
    as_written = Compiled(content).sms(person(stop_due=False))
    smart = Compiled(replace(content, smart_text=True)).sms(person(stop_due=False))
    assert (as_written.body[:4], as_written.segments) == ("It\u2019s", 2)
    assert (smart.body[:4], smart.segments) == ("It's", 1)


def test_an_edition_of_before_is_not_respelled(frozen: MakeFrozen) -> None:
    kept = frozen().to_json().replace(', "smart_text": false', "")
    assert "smart_text" not in kept
    assert Frozen.from_json(kept).smart_text is False


@pytest.mark.parametrize(
    ("sms", "named"),
    [
        ("ICIRR: {{ action_url }} {{ chrome.reply_stop }} {{ org.name }}", set()),
        ("{{ name or 'friend' }} {{ attributes.city }}", {"name", "attributes"}),
        ("{% if first_name %}{{ leave_url }}{% endif %}", {"first_name", "leave_url"}),
    ],
)
def test_what_a_text_says_of_a_person_is_known(frozen: MakeFrozen, sms: str, named: set[str]) -> None:
    assert personal_names(frozen(sms=sms), "en") == named


@pytest.mark.parametrize(
    ("sms", "always"),
    [
        ("ICIRR: {{ first_name }} {{ chrome.reply_stop }}", True),
        ("ICIRR: {{ first_name }}", False),
        ("{% if attributes.ward == '1' %}ICIRR: STOP{% else %}ICIRR: call{% endif %}", False),
        ("{{ attributes.ward }} STOP", True),  # who has no ward gets nothing, so nothing without it
    ],
)
def test_whether_a_text_always_says_how_to_stop_is_known(frozen: MakeFrozen, sms: str, always: bool) -> None:
    assert always_tells_stop(frozen(sms=sms), "en") is always
