"""What the shipped campaigns say, in every language: the promises that a reader counts on."""

import re

import pytest
from shipped_campaigns import CASES, LEAVE_URL, ORGANISATION, compiled, reader

from dispatcher.content.load import list_campaigns, load_campaign
from dispatcher.rules import sms
from dispatcher.rules.alert import Channel

SENSITIVE = [(slug, language) for slug, language in CASES if load_campaign(slug).manifest.sensitive]
LINK = re.compile(r"https?://[^\s\"<>)]+")


def visible(html: str) -> str:
    """The words of a page, without its head."""
    return re.sub(r"<[^>]+>", "", html.partition("<body")[2])


def test_english_spanish_and_polish_are_there_for_all_and_arabic_for_daca() -> None:
    for listed in list_campaigns():
        frozen = compiled(listed.slug).frozen
        for channel in Channel:
            wanted = {"en", "es", "pl"} | ({"ar"} if listed.slug == "daca" else set())
            assert wanted <= frozen.languages_for(channel), listed.slug


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_a_text_names_us_first_has_one_link_and_says_how_to_stop(slug: str, language: str) -> None:
    body = compiled(slug).sms(reader(language)).body
    assert body.startswith("ICIRR:")
    assert len(LINK.findall(body)) == 1
    assert "STOP" in body.splitlines()[-1]


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_a_text_costs_one_segment_where_the_gsm_alphabet_can_spell_it_and_two_at_most(
    slug: str, language: str
) -> None:
    text = compiled(slug).sms(reader(language))
    if language == "ar":
        assert text.segments <= 2
    else:
        assert sms.forcing_characters(text.body) == ()
        assert text.segments == 1


@pytest.mark.parametrize(("slug", "language"), SENSITIVE)
def test_what_a_locked_phone_shows_of_a_sensitive_campaign_does_not_say_which_list(
    slug: str, language: str
) -> None:
    source = load_campaign(slug)
    person = reader(language)
    preheader = source.languages[language].files["preheader.txt"]
    shown = [compiled(slug).preview_subject(person), preheader, compiled(slug).sms(person).body]
    for word in (*source.manifest.lists, "daca", "داكا", "immigra", "migra", "imigra", "هجرة"):
        assert all(word.lower() not in text.lower() for text in shown), word


@pytest.mark.parametrize(("slug", "language"), SENSITIVE)
def test_what_an_inbox_shows_of_a_sensitive_email_ends_before_its_words_begin(
    slug: str, language: str
) -> None:
    person = reader(language)
    for text in (visible(compiled(slug).preview_html(person)), compiled(slug).preview_text(person)):
        preview = " ".join(text.split())[:140]  # characters; inboxes show about 100
        assert "DACA" not in preview
        assert "داكا" not in preview


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_a_greeting_reads_well_without_a_name(slug: str, language: str) -> None:
    for text in (
        compiled(slug).preview_text(reader(language, None)),
        visible(compiled(slug).preview_html(reader(language, None))),
    ):
        assert not re.search(r"None|\w[ \t]+[,:،!](\s|$)|,\s*[,:]", text)


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_the_plain_text_part_has_every_link_of_the_html_and_all_are_https(slug: str, language: str) -> None:
    person = reader(language)
    in_html = set(re.findall(r'href="([^"]+)"', compiled(slug).preview_html(person)))
    in_text = set(LINK.findall(compiled(slug).preview_text(person)))
    assert in_html == in_text
    assert all(link.startswith("https://") for link in in_text)


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_an_email_says_who_writes_from_where_and_how_to_leave(slug: str, language: str) -> None:
    person = reader(language)
    for text in (compiled(slug).preview_html(person), compiled(slug).preview_text(person)):
        assert ORGANISATION.name in text
        assert ORGANISATION.address in text
        assert LEAVE_URL in text


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_an_email_stays_within_what_mail_programs_keep(slug: str, language: str) -> None:
    html = compiled(slug).preview_html(reader(language))
    styles = re.findall(r"<style>(.*?)</style>", re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL), re.DOTALL)
    assert sum(map(len, styles)) < 8 * 1024  # Gmail drops larger ones
    assert len(html.encode()) < 102_400  # Gmail cuts off what follows
    assert "@media" in html
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_css_is_inlined_once_for_all_readers(slug: str, language: str) -> None:
    frozen = compiled(slug).frozen
    assert not frozen.inline_each
    assert 'style="' in (frozen.languages[language].html or "")
