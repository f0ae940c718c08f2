"""Texts counted one after another, with what each costs by the country of its number."""

from decimal import Decimal

from dispatcher.addresses import country_of
from dispatcher.rules.prices import Prices
from dispatcher.rules.text_cost import TextCost

_FREE = Decimal(0)


class Tally:
    """Counts by country, so that a price is looked up a few times only."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._segments: dict[str, int] = {}  # by country; "" where none is asked for
        self._texts = 0
        self._unwritable = 0

    def add(self, segments: int | None, phone: str | None) -> None:
        """One text; None: it can't be written."""
        if segments is None:
            self._unwritable += 1
            return
        country = country_of(phone) if phone else ""
        self._texts += 1
        self._segments[country] = self._segments.get(country, 0) + segments

    def total(self) -> TextCost:
        """What all of them take."""
        priced = {country: self._prices.of(country) for country in self._segments}
        return TextCost(
            texts=self._texts,
            segments=sum(self._segments.values()),
            cost=sum(
                (price * self._segments[of] for of, price in priced.items() if price is not None), _FREE
            ),
            unpriced=sum(number for of, number in self._segments.items() if priced[of] is None),
            unwritable=self._unwritable,
            currency=self._prices.currency if self._prices else "",
        )


def cost_of_one(prices: Prices, segments: int, phone: str) -> TextCost:
    """What one text to this number takes."""
    tally = Tally(prices)
    tally.add(segments, phone if prices else None)
    return tally.total()
