"""Counts below ten say something of a person."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.small_counts import LEAST, too_small, too_small_alone

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


@given(st.dictionaries(st.text(max_size=3), st.integers(min_value=0, max_value=40), max_size=8))
def test_what_is_told_says_nothing_small_nor_does_the_rest(column: dict[str, int]) -> None:
    """The rest is what whoever knows the sum can reckon."""
    hidden = too_small_alone(column)
    told = [number for key, number in column.items() if key not in hidden]
    assert all(number >= LEAST or not hidden for number in told)
    assert all(number == 0 or number >= LEAST for number in told)
    rest = [column[key] for key in hidden]
    assert not hidden or not told or (len(rest) > 1 and sum(rest) >= LEAST)


def test_who_knows_the_rule_and_the_sum_reckons_no_hidden_number_below_nine() -> None:
    """Every column of up to three keys: what stands there could have come of another one, too."""
    for keys in ("ab", "abc"):
        possible = defaultdict[tuple[object, ...], list[dict[str, int]]](list)
        for numbers in product(range(LEAST + 3), repeat=len(keys)):
            column = dict(zip(keys, numbers, strict=True))
            hidden = too_small_alone(column)
            told = [None if key in hidden else column[key] for key in keys]
            possible[*told, sum(column[key] for key in hidden)].append(column)
        for shown, columns in possible.items():
            for key, number in zip(keys, shown[:-1], strict=True):
                hidden_here = {column[key] for column in columns}
                assert number is not None or len(hidden_here) > 1 or min(hidden_here) >= LEAST - 1


def test_a_small_count_takes_the_next_smallest_with_it() -> None:
    assert too_small_alone({"en": 900, "es": 400, "pl": 3, "ar": 0}) == {"pl", "es", "ar"}
    assert too_small_alone({"en": 900, "es": 400, "pl": 6, "ar": 5}) == {"pl", "ar"}
    assert too_small_alone({"en": 900, "es": 400}) == set()
    assert too_small_alone({"en": 1, "es": 0, "pl": 0}) == {"en", "es", "pl"}
    assert too_small_alone({"en": 6, "es": 5, "pl": 0}) == {"en", "es", "pl"}
    assert too_small_alone({"en": 600, "es": 0}) == set()
