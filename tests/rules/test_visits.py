"""People are told from the machines that open links before they do."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.rules.visits import Visitor, all_at_once, too_soon, visitor_of

NOON = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)
PHONE = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1"}


def test_a_browser_that_gets_a_page_is_a_person() -> None:
    assert visitor_of("GET", PHONE, crawler=False) is Visitor.PERSON


@pytest.mark.parametrize(
    ("method", "headers", "crawler"),
    [
        ("HEAD", PHONE, False),
        ("GET", PHONE, True),
        ("GET", {}, False),
        ("GET", {"user-agent": "  "}, False),
        ("GET", PHONE | {"sec-purpose": "prefetch;prerender"}, False),
        ("GET", PHONE | {"purpose": "Prefetch"}, False),
        ("GET", PHONE | {"x-purpose": "preview"}, False),
        ("GET", PHONE | {"x-moz": "prefetch"}, False),
    ],
)
def test_what_looks_ahead_is_a_machine(method: str, headers: dict[str, str], crawler: bool) -> None:
    assert visitor_of(method, headers, crawler=crawler) is Visitor.MACHINE


@pytest.mark.parametrize(("seconds", "soon"), [(0, True), (9.9, True), (10, False), (3600, False)])
def test_nobody_reads_an_email_within_ten_seconds(seconds: float, soon: bool) -> None:
    assert too_soon(NOON, NOON + timedelta(seconds=seconds)) is soon


@pytest.mark.parametrize(
    ("others", "together"),
    [
        ({}, set()),
        ({1: 0}, set()),  # two links: somebody who wants to know it all
        ({1: 0, 2: 1}, {1, 2}),
        ({1: -3, 2: 3}, {1, 2}),
        ({1: 0, 2: 3.1}, set()),
        ({1: 0, 2: 1, 3: 60}, {1, 2}),
    ],
)
def test_three_links_within_three_seconds_are_a_scanner(others: dict[int, float], together: set[int]) -> None:
    opened = {link: NOON + timedelta(seconds=seconds) for link, seconds in others.items()}
    assert all_at_once(opened, NOON) == together
