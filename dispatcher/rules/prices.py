"""What texts cost: a segment's price by the country of the number, and money as people read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

ANYWHERE = "*"  # the price of every country that isn't named

_PART = re.compile(r"(?P<country>[A-Za-z]{2}|\*)\s*=\s*(?P<price>\d{1,4}(?:\.\d{1,8})?)")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_CENT = Decimal("0.01")
_LESS_THAN_A_CENT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Prices:
    """By ISO 3166-1 country, `*` for the others; all in one currency (ISO 4217)."""

    by_country: Mapping[str, Decimal] = field(default_factory=dict)
    currency: str = "USD"

    def of(self, country: str) -> Decimal | None:
        """A segment's price to a number of this country; None when nobody has said."""
        return self.by_country.get(country, self.by_country.get(ANYWHERE))

    def __bool__(self) -> bool:
        return bool(self.by_country)


def parse_prices(text: str) -> dict[str, Decimal]:
    """`US=0.0079, MX=0.04, *=0.05` as {country: price}; ValueError says what would be right."""
    prices = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        found = _PART.fullmatch(part)
        if found is None:
            raise ValueError(f"{part!r} isn't a country's price; write US=0.0079,CA=0.0079,*=0.05")
        prices[found["country"].upper()] = Decimal(found["price"])
    return prices


def parse_currency(text: str) -> str:
    """A currency's code; ValueError when it can't be one."""
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError("must be a currency's code, such as USD or EUR")
    return text


def money(amount: Decimal, currency: str) -> str:
    """`$1,204.50`; less than a cent with four places, so that a single segment isn't nothing."""
    places = _LESS_THAN_A_CENT if 0 < amount < _CENT else _CENT
    number = f"{amount.quantize(places, ROUND_HALF_UP):,}"
    sign = _SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{number} {currency}"
