"""Shares, their ranges, and which differences are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.shares import Share, Verdict, compare, interval, percent


@st.composite
def shares(draw: st.DrawFn) -> Share:
    of = draw(st.integers(min_value=0, max_value=10**7))
    return Share(draw(st.integers(min_value=0, max_value=of)), of)


@given(shares())
def test_the_share_that_was_counted_lies_in_its_range(share: Share) -> None:
    low, high = interval(share)
    assert 0 <= low <= high <= 1
    if share.of:
        assert low - 1e-9 <= share.number / share.of <= high + 1e-9


def test_wilsons_interval_is_the_textbooks() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
    assert interval(Share(81, 263)) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval(Share(15, 148)) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert interval(Share(0, 20)) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert interval(Share(1, 29)) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(shares(), shares())
def test_what_is_higher_is_never_told_of_a_lower_share(one: Share, other: Share) -> None:
    verdict = compare(one, other)
    opposite = {Verdict.HIGHER: Verdict.LOWER, Verdict.LOWER: Verdict.HIGHER, Verdict.ALIKE: Verdict.ALIKE}
    assert compare(other, one) is opposite[verdict]
    if verdict is Verdict.HIGHER:
        assert one.number * other.of > other.number * one.of


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        (Share(3, 10), Share(0, 10), Verdict.ALIKE),  # three people may be chance
        (Share(300, 1000), Share(200, 1000), Verdict.HIGHER),
        (Share(20, 1000), Share(120, 3000), Verdict.LOWER),
        (Share(0, 0), Share(120, 3000), Verdict.ALIKE),
    ],
)
def test_only_what_chance_hardly_makes_is_a_difference(now: Share, before: Share, verdict: Verdict) -> None:
    assert compare(now, before) is verdict


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share(0, 0), "-"),
        (Share(1, 3), "33%"),
        (Share(0, 4000), "0%"),
        (Share(4000, 4000), "100%"),
        (Share(1, 4000), "<0.1%"),
        (Share(3999, 4000), ">99.9%"),
        (Share(31, 3950), "0.8%"),
    ],
)
def test_percents_have_no_false_precision(share: Share, words: str) -> None:
    assert percent(share) == words


def test_shares_add_up() -> None:
    assert Share(1, 10) + Share(3, 20) == Share(4, 30)
