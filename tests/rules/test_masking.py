"""Addresses as staff see them."""

import pytest

from dispatcher.rules.masking import masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("maria@example.org", "m…@example.org"),
        ("m@example.org", "m…@example.org"),
        ("+13125550123", "+1312…0123"),
        ("+48221234567", "+4822…4567"),
    ],
)
def test_enough_is_shown_to_recognise_and_too_little_to_use(address: str, shown: str) -> None:
    assert masked(address) == shown
