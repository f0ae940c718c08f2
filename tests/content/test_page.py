"""HTML taken apart: elements and words by offset, and the slips that matter in an email."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.content.page import read_page

PIECES = [
    *(
        "<p>",
        "</p>",
        "<B>",
        "</b>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</table>",
        "<li>",
    ),
    *("<a href='x'>", "</a>", "<br/>", "<div/>", "<!--", "-->", "<!--[if mso]>", "<![endif]-->", "<![if x]>"),
    *("<style>", "</style>", "<svg>", "</svg>", "<script>", "</script>", "<title>", "</title>", "<?php ?>"),
    *(
        '<p class="a',
        '">',
        "'",
        "&amp;",
        "&#x110000;",
        "&nope;",
        "<",
        "<1",
        "</>",
        "<!",
        " word ",
        "\n",
        "متن",
    ),
    *(
        '<img alt="x">',
        "<p =''>",
        "<x:y/>",
        "</br>",
        "<textarea>",
        "<option>",
        "<![CDATA[x]]>",
        "<!doctype html>",
    ),
]


def slips(html: str) -> list[tuple[str, bool]]:
    """What is found, with the words at the place, and whether it is grave."""
    return [(f"{html[slip.offset :][:6]} {slip.problem}", slip.grave) for slip in read_page(html).slips]


@pytest.mark.parametrize(
    "html",
    [
        "<p>One<br>two</p><ul><li>a<li>b</ul><table><tr><td>x<td>y</table>",
        "<!DOCTYPE html><html><head><title>x</title></head><body><p>a<p>b</body></html>",
        "<!--[if mso]><table><tr><td><![endif]--><p>a</p><!--[if mso]></td></tr></table><![endif]-->",
        "<!--[if !mso]><!--><p>a</p><!--<![endif]-->",
        "<dl><dt>a<dd>b<dt>c<dd>d</dl><select><option>1<option>2</select>",
        "<svg><path d='M0'/></svg><v:rect/>",
        "<p>1 < 2 & 3 > 2</p>",
    ],
)
def test_html_that_is_right_has_no_slip(html: str) -> None:
    assert slips(html) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p><b>a</p>", [("<b>a</ <b> isn't closed before </p>.", True)]),
        ("<p><b><i>a</b></i></p>", [("<i>a</ <i> isn't closed before </b>.", True)]),
        ("<div><p>a</p>", [("<div>< <div> isn't closed before the end.", True)]),
        ("<table><tr><td><div>a<td>b</table>", [("<div>a <div> isn't closed before <td>.", True)]),
        ("<p>a</p></div>", [("</div> </div> closes nothing.", False)]),
        ("<p><div>a</div></p>", [("</p> </p> closes nothing.", False)]),
        ("<div><table><tr><td></div></table></div>", [("</div> </div> closes nothing.", False)]),
        ("<div/>a", [("<div/> <div/> doesn't close itself.", True)]),
        ('<p class="a" class="b">x</p>', [("<p cla <p> has class twice; the second is ignored.", False)]),
        ('<p class="a>x</p>\n<p id="b">', [("<p cla A quotation mark is missing in <p>, near 'b\"'.", True)]),
        ("<a href=x>a <a href=y>b</a></a>", [("<a hre A link begins within another link.", True)]),
        ("<p>a<!-- b</p>", [("<!-- b A comment begins here and never ends.", True)]),
        ("<!-- a <p>b</p> <!-- c -->", [("<!-- a A comment begins here and never ends.", True)]),
    ],
)
def test_a_slip_is_found_where_it_was_made(html: str, found: list[tuple[str, bool]]) -> None:
    assert slips(html) == found


def test_words_are_found_with_what_is_around_them_and_not_those_of_styles() -> None:
    html = (
        '<head><title>T</title><style>p { color: red }</style></head><p>One <img alt="two"></p>\n<i>three</i>'
    )
    page = read_page(html)
    assert [words.text.strip() for words in page.words] == ["One", "two", "three"]
    assert [html[words.offset :][:3] for words in page.words] == ["One", "<im", "thr"]
    assert page.titles == ["T"]
    assert [words.text for words in page.styles] == ["p { color: red }"]


def test_elements_know_their_attributes_and_what_they_are_in() -> None:
    page = read_page('<div lang="es"><p hidden>x</p></div>')
    div, paragraph = page.elements
    assert (div.attributes, paragraph.has("hidden"), paragraph.parent) == ({"lang": "es"}, True, div)
    assert page.all("p") == [paragraph]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_nothing_is_too_broken_to_be_taken_apart(html: str) -> None:
    page = read_page(html)
    for element in page.elements:
        assert html[element.offset :][: len(element.tag) + 1].lower() == f"<{element.tag}"
    assert all(0 <= slip.offset <= len(html) for slip in page.slips)
    assert all(0 <= words.offset <= len(html) for words in page.words)
