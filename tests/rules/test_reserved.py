"""Addresses that belong to nobody are told apart from people's."""

import pytest

from dispatcher.rules.reserved import is_reserved


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org",
        "a@EXAMPLE.com",
        "a@mail.example.net",
        "a@shop.test",
        "a@no.invalid",
        "a@localhost",
        "a@deep.example",
        "+13125550100",
        "+18085550199",
    ],
)
def test_an_address_for_examples_tests_or_fiction_is_reserved(address: str) -> None:
    assert is_reserved(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@notexample.org",
        "a@example.org.pl",
        "a@contest",
        "example.org@gmail.com",
        "+13125550200",
        "+13125551234",
        "+442075550100",
        "+131255501000",
    ],
)
def test_an_address_that_somebody_may_have_is_not(address: str) -> None:
    assert not is_reserved(address)
