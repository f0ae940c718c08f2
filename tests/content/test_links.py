"""The links of a message, and what is wrong with one."""

import pytest

from dispatcher.content.links import is_unencrypted, links_in_html, links_in_text, problem_with


def test_every_link_and_picture_of_a_page_is_found() -> None:
    html = (
        '<a href="https://a.org/?x=1&amp;y=2">a</a><a name="x">b</a><IMG SRC="b.png"><area href=""><a href>c'
    )
    assert links_in_html(html) == ["https://a.org/?x=1&y=2", "b.png", "", ""]


def test_a_link_in_a_text_ends_before_the_punctuation() -> None:
    text = "Go to https://a.org/x, or (http://b.org/?q=1). \u201chttps://c.org\u201d https://d.org/\u060c end"
    assert links_in_text(text) == ["https://a.org/x", "http://b.org/?q=1", "https://c.org", "https://d.org/"]


@pytest.mark.parametrize(
    "link",
    ["https://p2a.co/x", "http://p2a.co/x", "mailto:a@example.org", "tel:+13125550123", "HTTPS://A.ORG:444/"],
)
def test_a_link_that_leads_somewhere_is_right(link: str) -> None:
    assert problem_with(link) == ""


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("mailto:", "isn't a whole address"),
        ("p2a.co/x", "isn't a whole address"),
        ("/donate", "isn't a whole address"),
        ("#top", "isn't a whole address"),
        ("javascript:alert(1)", "isn't a whole address"),
        ("http://localhost:8000/x", "leads to this machine only"),
        ("https://127.0.0.1/x", "leads to this machine only"),
        ("https://[::1]/x", "leads to this machine only"),
        ("https://app.localhost/", "leads to this machine only"),
        ("https://intranet/x", "isn't an address"),
        ("https://", "isn't an address"),
        ("https://a b.org", "isn't an address"),
        ("https://a.org:99999/", "isn't an address"),
        ("https://[::1/", "isn't an address"),
    ],
)
def test_a_link_that_leads_nowhere_says_why(link: str, problem: str) -> None:
    assert problem in problem_with(link)


def test_http_is_told_from_https() -> None:
    assert is_unencrypted("HTTP://a.org")
    assert not is_unencrypted("https://a.org")
