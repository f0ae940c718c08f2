"""Contrast as WCAG counts it, and colours that are mixed until there is enough of it."""

import pytest

from dispatcher.rules.contrast import AA, BLACK, WHITE, contrast, darker, is_colour, lighter, mixed


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (BLACK, WHITE, 21.0),
        (WHITE, WHITE, 1.0),
        ("#777777", WHITE, 4.48),  # the well-known grey that just fails
        ("#767676", WHITE, 4.54),  # and the one that just passes
        ("#FF0000", WHITE, 4.0),
        (WHITE, "#0b4f5c", 9.18),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("#0b4f5c", True), ("#0B4F5C", True), ("#fff", False), ("teal", False), ("#0b4f5c;", False)],
)
def test_a_colour_has_a_hash_and_six_digits(text: str, is_one: bool) -> None:
    assert is_colour(text) is is_one


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mixed("#000000", "#ffffff", 0) == BLACK
    assert mixed("#000000", "#ffffff", 1) == WHITE
    assert mixed("#102030", "#304050", 0.5) == "#203040"


def test_a_colour_moves_no_further_than_it_must() -> None:
    assert darker("#0b4f5c", WHITE) == "#0b4f5c"
    found = lighter("#0b4f5c", "#162023")
    assert AA <= contrast(found, "#162023") < AA + 0.5
    assert AA <= contrast(darker("#e07a00", WHITE), WHITE) < AA + 0.5


def test_a_colour_that_cannot_stand_out_ends_near_white_or_black() -> None:
    assert contrast(lighter("#808080", "#808080", 21), WHITE) < 1.1
    assert contrast(darker("#808080", "#808080", 21), BLACK) < 1.2
