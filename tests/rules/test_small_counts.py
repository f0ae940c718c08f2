"""Counts below ten say something of a person."""

import pytest

from dispatcher.rules.small_counts import LEAST, too_small

COUNTS = {
    ("sent", "aol.com"): 8,
    ("bounced", "aol.com"): 2,
    ("sent", "maria.example"): 1,
    ("sent", "b.org"): 10,
}


def test_a_count_alone_has_to_come_to_ten() -> None:
    assert LEAST == 10
    assert too_small(COUNTS, tuple) == COUNTS.keys() - {("sent", "b.org")}


def test_counts_that_belong_together_have_to_come_to_ten_together() -> None:
    assert too_small(COUNTS, lambda cell: cell[1]) == {("sent", "maria.example")}


@pytest.mark.parametrize(("least", "small"), [(0, 0), (2, 1), (11, 4)])
def test_what_is_small_is_an_argument(least: int, small: int) -> None:
    assert len(too_small(COUNTS, tuple, least)) == small
