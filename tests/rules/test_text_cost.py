from decimal import Decimal

from dispatcher.rules.text_cost import TextCost, in_all

ENGLISH = TextCost(3, 3, Decimal("0.03"), currency="USD")
SPANISH = TextCost(2, 6, Decimal("0.04"), unpriced=2, unwritable=1, about=True, currency="USD")


def test_costs_add_up() -> None:
    both = TextCost(5, 9, Decimal("0.07"), 2, 1, about=True, currency="USD")
    assert in_all([ENGLISH, SPANISH]) == both
    assert in_all([]) == TextCost()


def test_a_part_of_the_people_stands_for_all_of_them() -> None:
    assert SPANISH.scaled_to(300) == TextCost(200, 600, Decimal(4), 200, 100, about=True, currency="USD")


def test_everybody_stands_for_themselves() -> None:
    assert ENGLISH.scaled_to(3) is ENGLISH
    assert TextCost().scaled_to(3) == TextCost()


def test_more_segments_cost_by_the_mean_of_those_that_have_a_price() -> None:
    assert SPANISH.of_segments(100) == Decimal(1)
    assert TextCost(1, 1, unpriced=1).of_segments(100) == 0
