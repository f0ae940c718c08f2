"""Whose request it is, whatever X-Forwarded-For claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.networks import client_behind, network_around, parse_networks

TRUSTED = parse_networks("10.0.0.0/8, fd00::/8, 192.0.2.7")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # nobody of ours: what they claim is no matter
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),  # forged by the client, left of the truth
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1", "10.0.0.2", "192.0.2.7"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3", "10.0.0.2"], "10.0.0.3"),  # somebody in the house
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
        ("fd00::1", ["[2001:db8::5]:4711"], "2001:db8::5"),
        ("::ffff:10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("fe80::1%eth0", [], "fe80::1"),
        ("10.0.0.1", ["", " "], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1", "unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1", "' OR 1=1"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1", *["10.0.0.2"] * 1000], "10.0.0.2"),
        ("", ["198.51.100.1"], None),
        ("testclient", [], None),
    ],
)
def test_the_client_is_the_nearest_hop_that_is_not_ours(
    peer: str, forwarded: list[str], client: str | None
) -> None:
    found = client_behind(peer, forwarded, TRUSTED)
    assert (None if found is None else str(found)) == client


@given(st.text(), st.lists(st.text()))
def test_whatever_is_claimed_raises_nothing(peer: str, forwarded: list[str]) -> None:
    network_around(client_behind(peer, forwarded, TRUSTED))
    network_around(client_behind("10.0.0.1", forwarded, TRUSTED))


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:7:1::5", "2001:db8:7::/48"),
        ("", "unknown"),
    ],
)
def test_neighbours_count_together(peer: str, network: str) -> None:
    assert network_around(client_behind(peer, [], ())) == network


def test_nobody_is_trusted_unless_named() -> None:
    assert parse_networks("") == parse_networks(" , ") == ()


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "proxy.local", "10.0.0.0/33"])
def test_what_is_no_network_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"must be addresses or networks: 10\.0\.0\.5"):
        parse_networks(wrong)
