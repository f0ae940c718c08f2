"""Whether the pages behind links are there, asked of a real server."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from mistakes import CAMPAIGN

from dispatcher.content.check import Severity, check_frozen
from dispatcher.content.checks.online import dead_links
from dispatcher.content.dead_links import knock
from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource
from fakes.web_pages import WebPages, web_pages

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def pages() -> Iterator[WebPages]:
    with web_pages() as server:
        yield server


@pytest.mark.parametrize("name", ["200", "moved", "head", "403", "429"])
def test_a_page_that_is_there_or_only_for_people_is_fine(pages: WebPages, name: str) -> None:
    assert knock([pages.link(name)]) == {pages.link(name): None}


@pytest.mark.parametrize(
    ("name", "words", "gone"),
    [
        ("404", "isn't there any more", True),
        ("410", "isn't there any more", True),
        ("500", "answers 500", False),
        ("round", "only leads round in circles", True),
    ],
)
def test_a_page_that_is_not_there_is_told(pages: WebPages, name: str, words: str, gone: bool) -> None:
    [answer] = knock([pages.link(name)]).values()
    assert answer is not None
    assert (answer.words, answer.gone) == (words, gone)


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        link = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        [answer] = knock([link]).values()
    assert answer is not None
    assert (answer.words, answer.gone) == ("can't be reached (ConnectionError)", False)


def test_a_server_that_says_nothing_is_not_waited_for_long(pages: WebPages) -> None:
    [answer] = knock([pages.link("silent")], seconds=0.2).values()
    assert answer is not None
    assert (answer.words, answer.gone) == ("doesn't answer within 0.2 seconds", False)


def test_a_page_is_asked_for_once_and_got_only_where_head_is_unknown(pages: WebPages) -> None:
    knock([pages.link("200"), pages.link("head")])
    assert sorted(pages.asked) == ["GET head", "HEAD 200", "HEAD head"]


def test_a_dead_link_is_found_in_the_line_that_has_it(
    pages: WebPages,
    write_campaign: Callable[..., CampaignSource],
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", pages.link("")[:-1])  # every http page is on this machine now
    monkeypatch.setenv("https_proxy", pages.link("")[:-1])
    manifest = CAMPAIGN["campaign.toml"].replace("https://p2a.co/budget", "http://p2a.co/404")
    source = write_campaign(files={**CAMPAIGN, "campaign.toml": manifest})
    frozen = freeze(source, organisation)
    found = check_frozen(source, frozen, now=NOW, besides=(dead_links,))
    assert [(one.line, one.severity) for one in found if "isn't there" in one.problem] == [
        (4, Severity.ERROR)
    ]
    assert not any("leave.example.org" in finding.problem for finding in found)
