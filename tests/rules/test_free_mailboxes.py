"""Providers of free mailboxes are known by their domain."""

import pytest

from dispatcher.rules.free_mailboxes import is_free_mailbox


@pytest.mark.parametrize(
    "address", ["icirr@gmail.com", "A@Yahoo.com", "x@outlook.com", "x@proton.me", "x@wp.pl"]
)
def test_a_free_mailbox_is_known(address: str) -> None:
    assert is_free_mailbox(address)


@pytest.mark.parametrize("address", ["alerts@icirr.org", "x@mail.gmail.com.example.org", "gmail.com", ""])
def test_an_address_of_ones_own_domain_is_none(address: str) -> None:
    assert is_free_mailbox(address) is (address == "gmail.com")
