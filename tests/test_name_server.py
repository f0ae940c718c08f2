"""Texts in the DNS, from a real server on loopback."""

import pytest

from dispatcher.errors import NameServerSilent
from fakes.dns import DnsServer


def test_a_long_text_in_pieces_is_one() -> None:
    with DnsServer({"long.example": ["x" * 700, "short"]}) as dns:
        assert sorted(dns.name_server.texts("long.example")) == ["short", "x" * 700]


def test_a_name_without_texts_and_one_that_is_not_there_have_none() -> None:
    with DnsServer({"empty.example": []}) as dns:
        assert dns.name_server.texts("empty.example") == []
        assert dns.name_server.texts("nowhere.example") == []


@pytest.mark.parametrize("name", ["two..dots.example", f"{'x' * 64}.example"])
def test_what_cannot_be_a_name_has_none_and_nobody_is_asked(name: str) -> None:
    with DnsServer() as dns:
        assert dns.name_server.texts(name) == []
    assert dns.asked == []


def test_a_server_that_fails_is_no_answer() -> None:
    with (
        DnsServer(failing=["broken.example"]) as dns,
        pytest.raises(NameServerSilent, match=r"broken\.example"),
    ):
        dns.name_server.texts("broken.example")
