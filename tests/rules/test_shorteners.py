"""Public link shorteners are known by their host."""

import pytest

from dispatcher.rules.shorteners import is_public_shortener


@pytest.mark.parametrize(
    "host", ["bit.ly", "WWW.Bit.ly", "tinyurl.com", "t.co", "rb.gy", "cutt.ly", "buff.ly"]
)
def test_what_anybody_can_shorten_with_is_known(host: str) -> None:
    assert is_public_shortener(host)


@pytest.mark.parametrize("host", ["p2a.co", "icirr.org", "notbit.ly", "bit.ly.icirr.org", ""])
def test_a_domain_of_ones_own_is_none(host: str) -> None:
    assert not is_public_shortener(host)
