"""Who is asking, behind our proxies and without any."""

import pytest
from starlette.requests import Request

from dispatcher.errors import WrongSettings
from dispatcher.settings import load_settings
from dispatcher.web.network import ip_address_of, network_of


def asked_by(peer: tuple[str, int] | None, *forwarded: bytes) -> Request:
    headers = [(b"x-forwarded-for", value) for value in forwarded]
    return Request({"type": "http", "client": peer, "headers": headers})


def test_without_proxies_the_header_is_not_read() -> None:
    request = asked_by(("203.0.113.9", 4711), b"198.51.100.1")
    assert network_of(request, load_settings()) == "203.0.113.0/24"
    assert ip_address_of(request, load_settings()) == "203.0.113.9"


def test_our_proxy_is_believed_over_several_headers_also() -> None:
    settings = load_settings(trusted_proxies="10.0.0.0/8")
    request = asked_by(("10.0.0.1", 4711), b"6.6.6.6", b"198.51.100.1, 10.0.0.2")
    assert network_of(request, settings) == "198.51.100.0/24"
    assert ip_address_of(request, settings) == "198.51.100.1"


def test_a_peer_without_an_address_has_none() -> None:
    assert ip_address_of(asked_by(None), load_settings()) is None
    assert network_of(asked_by(None, b"\xff\x00"), load_settings(trusted_proxies="10.0.0.1")) == "unknown"


def test_a_wrong_network_is_refused_at_start() -> None:
    with pytest.raises(WrongSettings, match=r"DISPATCH_TRUSTED_PROXIES: must be addresses or networks"):
        load_settings(trusted_proxies="caddy")
