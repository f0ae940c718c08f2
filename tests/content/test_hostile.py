"""Hostile names and addresses in every shipped campaign: they add no header, no recipient and no markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hostile import BROKEN_NAMES, HOSTILE_ADDRESSES, HOSTILE_NAMES
from hypothesis import given
from hypothesis import strategies as st
from shipped_campaigns import CASES, compiled, reader
from strict_parsing import assert_for_one

from dispatcher.content.cleaning import one_line
from dispatcher.content.render import Person
from dispatcher.errors import RenderFailed

NAMES = HOSTILE_NAMES | BROKEN_NAMES
ANY_NAME = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.sampled_from([*NAMES.values(), "Ana", ", ", "\r\n"]), max_size=3).map("".join),
)


class Markup(HTMLParser):
    """What a page is made of, without its words: tags, their attributes' names, comments."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def named(language: str, first_name: str) -> Person:
    return replace(reader(language, first_name), last_name=first_name)


def assert_harmless(slug: str, language: str, first_name: str) -> None:
    """An email to one person with the markup of anybody's, and a text; or a text that is too long."""
    one, plain = compiled(slug), reader(language, "Ana" if one_line(first_name) else None)
    message = assert_for_one(one.email(named(language, first_name)), "reader@example.org")
    _, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert Markup(html).found == Markup(one.preview_html(plain)).found
    assert "\n" not in str(message["Subject"])
    try:
        body = one.sms(named(language, first_name)).body
    except RenderFailed as failed:
        assert failed.reason == "text is too long"  # noqa: PT017 - nothing else may go wrong
    else:
        assert len(body.splitlines()) == len(one.sms(plain).body.splitlines())
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", body)


def test_there_are_more_than_twenty_hostile_subscribers() -> None:
    assert len(NAMES) > 20
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_a_hostile_name_does_nothing_in_any_shipped_campaign(slug: str, language: str) -> None:
    for first_name in NAMES.values():
        assert_harmless(slug, language, first_name)


@given(case=st.sampled_from(CASES), first_name=ANY_NAME)
def test_no_name_does_anything_in_any_shipped_campaign(case: tuple[str, str], first_name: str) -> None:
    assert_harmless(*case, first_name)


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_a_hostile_address_fails_its_own_message_alone(address: str) -> None:
    one = compiled("daca")
    with pytest.raises(RenderFailed) as failed:
        one.email(replace(reader("en"), to=address))
    assert failed.value.reason in {"address isn't valid", "address needs SMTPUTF8"}
    assert "example.org" not in str(failed.value)
    assert_for_one(one.email(reader("en")), "reader@example.org")
