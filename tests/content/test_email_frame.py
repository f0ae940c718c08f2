"""The frame around every email, as mail programs need it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from shipped_campaigns import CASES, compiled, reader

from dispatcher.content.page import read_page
from dispatcher.content.painted_words import painted_words

LARGEST_STYLES = 8192  # octets: Gmail reads no more of them
AAA = 7.0  # the contrast of WCAG 2.1, 1.4.6
SHOWN_BY_AN_INBOX = 140  # characters of a preview, in the wide windows of a computer


def html_of(slug: str, language: str) -> str:
    return compiled(slug).preview_html(reader(language))


def test_the_way_to_the_browser_is_there_where_the_email_is() -> None:
    with_link = compiled("daca").preview_html(
        replace(reader("es"), view_url="https://go.example.org/v/1/1/es")
    )
    assert '<a href="https://go.example.org/v/1/1/es"' in with_link
    assert "Ver en el navegador" in with_link
    assert "Ver en el navegador" not in html_of("daca", "es")


class Cells(HTMLParser):
    """The attributes of every cell that holds words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "td" and facts.get("class") in {"masthead", "words", "footer"}:
            self.found.append(facts)


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_every_cell_says_its_direction_for_outlook_too(slug: str, language: str) -> None:
    expected = ("rtl", "right") if language == "ar" else ("ltr", "left")
    cells = Cells(html_of(slug, language)).found
    assert [(cell["dir"], cell["align"]) for cell in cells] == [expected] * 3


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_an_inbox_sees_the_preheader_and_nothing_behind_it(slug: str, language: str) -> None:
    preheaders = re.findall(r'<div class="preheader"[^>]*>(.*?)</div>', html_of(slug, language), re.DOTALL)
    words, gap = preheaders
    assert words.strip()
    assert set(gap) <= set(" \u2007\u034f\n")
    assert len(words.strip()) + gap.count("\u2007") + gap.count(" ") >= SHOWN_BY_AN_INBOX


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_outlooks_conditionals_are_balanced_and_open_what_they_close(slug: str, language: str) -> None:
    html = html_of(slug, language)
    conditionals = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", html, re.DOTALL)
    assert html.count("[if mso]") == html.count("[endif]") == len(conditionals) == 3
    for tag in ("table", "tr", "td"):
        told = "".join(conditionals)
        assert len(re.findall(rf"<{tag}[ >]", told)) == told.count(f"</{tag}>")


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_style_sheets_are_few_and_what_matters_is_inlined(slug: str, language: str) -> None:
    html = html_of(slug, language)
    assert (
        sum(len(block.encode()) for block in re.findall(r"<style.*?</style>", html, re.DOTALL))
        < LARGEST_STYLES
    )
    assert "palette" not in html
    assert re.search(r"<h1 style=[^>]*font-size:28px", html)


def test_words_in_no_element_of_ours_can_be_read_in_light_and_dark() -> None:
    html = re.sub(r'(<td class="words"[^>]*>)', r"\1<div>Bare words</div>", html_of("daca", "en"), count=1)
    bare = [words for words in painted_words(html, read_page(html)) if words.text == "Bare words"]
    assert [words.mode for words in bare] == ["light", "dark"]
    assert all(words.contrast >= AAA for words in bare)
