"""What a number of texts takes: segments, and money where their countries have prices."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TextCost:
    """The texts of one language, or of all."""

    texts: int = 0
    segments: int = 0
    cost: Decimal = Decimal(0)  # of the segments that have a price
    unpriced: int = 0  # segments to countries that have none
    unwritable: int = 0  # people for whom the text can't be written; not among `texts`
    about: bool = False  # reckoned from a part of the people
    currency: str = ""  # of `cost`; empty where nobody has said what texts cost

    def __add__(self, other: "TextCost") -> "TextCost":
        return TextCost(
            self.texts + other.texts,
            self.segments + other.segments,
            self.cost + other.cost,
            self.unpriced + other.unpriced,
            self.unwritable + other.unwritable,
            self.about or other.about,
            self.currency or other.currency,
        )

    def scaled_to(self, people: int) -> "TextCost":
        """What so many people would take, if these are a fair part of them."""
        looked_at = self.texts + self.unwritable
        if looked_at in (0, people):
            return self
        unwritable = round(self.unwritable * people / looked_at)
        return TextCost(
            people - unwritable,
            round(self.segments * people / looked_at),
            self.cost * people / looked_at,
            round(self.unpriced * people / looked_at),
            unwritable,
            about=True,
            currency=self.currency,
        )

    def of_segments(self, segments: int) -> Decimal:
        """What so many segments more or less would cost, by the mean price of these."""
        priced = self.segments - self.unpriced
        return self.cost / priced * segments if priced else Decimal(0)

    def as_json(self) -> dict[str, object]:
        """The contract's object; `cost` is a decimal number as text, null where prices aren't set."""
        return {
            "texts": self.texts,
            "segments": self.segments,
            "cost": str(self.cost) if self.currency else None,
            "currency": self.currency or None,
            "segments_without_price": self.unpriced if self.currency else None,
            "unwritable": self.unwritable,
            "about": self.about,
        }


def in_all(costs: Iterable[TextCost]) -> TextCost:
    """The sum of several."""
    return sum(costs, TextCost())
