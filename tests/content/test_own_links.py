"""The links of emails become ours, and nothing else does."""

import pytest

from dispatcher.content.own_links import OwnLinks, countable, with_own_links
from dispatcher.content.parts import LanguageContent

ACT, NEWS = "https://p2a.co/act", "https://example.org/news?a=1&b=2"
OWN = OwnLinks(((ACT, "https://go.example.org/k/0001aaaa"), (NEWS, "https://go.example.org/k/0002bbbb")))


def content(html: str, text: str = "") -> LanguageContent:
    return LanguageContent("Title", ACT, "Act", {}, subject="S", html=html, text=text, sms=None)


def test_the_links_that_count_are_the_actions_first_and_each_once() -> None:
    html = (
        f'<a class="b" href="https://example.org/news?a=1&amp;b=2">Read</a> <a href="{ACT}">Act</a>'
        '<a href="{{ leave_url }}">Leave</a><a href="mailto:a@example.org">Write</a>'
        "<A HREF='https://example.org/more'>More <b>here</b></A>"
    )
    assert countable(content(html)) == [ACT, NEWS, "https://example.org/more"]


@pytest.mark.parametrize("shown", ["www.example.org", "https://example.org/news", "<b>example.org</b>"])
def test_a_link_that_shows_an_address_leads_where_it_says(shown: str) -> None:
    html = f'<a href="{NEWS}">{shown}</a>'
    assert countable(content(html)) == [ACT]
    assert with_own_links(content(html), OWN).html == html


def test_ours_stand_in_their_place_with_the_message_behind_them() -> None:
    done = with_own_links(
        content(
            '<a href="https://example.org/news?a=1&amp;b=2" class="x">Read</a>', f"Read: {NEWS}.\n{ACT}x"
        ),
        OWN,
    )
    assert done.html == '<a href="https://go.example.org/k/0002bbbb{{ visitor_code }}" class="x">Read</a>'
    assert done.text == f"Read: https://go.example.org/k/0002bbbb{{{{ visitor_code }}}}.\n{ACT}x"


def test_the_picture_stands_at_the_end_where_it_is_wanted() -> None:
    html = "<body><p>Hello</p></body></html>"
    done = with_own_links(content(html), OwnLinks(picture="https://go.example.org/k/0003cccc"))
    picture = '<img src="https://go.example.org/k/0003cccc{{ visitor_code }}" width="1" height="1" alt="">'
    assert done.html == f"<body><p>Hello</p>{picture}</body></html>"
    assert with_own_links(content(html), OwnLinks()) == content(html)
