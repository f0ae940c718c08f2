from decimal import Decimal

import pytest

from dispatcher.cli.cost_words import cost_json, segments, took
from dispatcher.rules.text_cost import TextCost


def test_segments_are_counted_in_words() -> None:
    assert [segments(number) for number in (0, 1, 2408)] == ["0 segments", "1 segment", "2,408 segments"]


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (TextCost(1204, 2408, Decimal("19.0232"), currency="USD"), "2,408 segments, $19.02"),
        (TextCost(1204, 2408, unpriced=2408), "2,408 segments"),
        (TextCost(9, 9, Decimal("0.7"), about=True, currency="EUR"), "about 9 segments, €0.70"),
        (
            TextCost(3, 3, Decimal("0.02"), unpriced=1, currency="USD"),
            "3 segments, $0.02, 1 segment of them to countries without a price (DISPATCH_SMS_PRICES)",
        ),
        (
            TextCost(2, 2, unpriced=2, unwritable=1, currency="USD"),
            (
                "2 segments, 2 segments of them to countries without a price (DISPATCH_SMS_PRICES), "
                "and 1 person it can't be written for"
            ),
        ),
    ],
)
def test_what_texts_take_is_told_in_words(cost: TextCost, words: str) -> None:
    assert took(cost) == words


def test_money_is_null_where_nobody_has_set_prices() -> None:
    found = cost_json(TextCost(3, 3, unpriced=3))
    assert (found["cost"], found["currency"], found["segments_without_price"]) == (None, None, None)
    found = cost_json(TextCost(3, 3, Decimal("0.0237"), currency="USD"))
    assert (found["cost"], found["currency"], found["segments_without_price"]) == ("0.0237", "USD", 0)
