from decimal import Decimal

import pytest

from dispatcher.rules.prices import Prices, money, parse_currency, parse_prices

US, MEXICO = Decimal("0.0079"), Decimal("0.04")


@pytest.mark.parametrize("text", ["US=0.0079,MX=0.04", " us = 0.0079 ; mx=0.04; ", "MX=0.04,,US=0.0079"])
def test_prices_are_read_by_country(text: str) -> None:
    assert parse_prices(text) == {"US": US, "MX": MEXICO}


@pytest.mark.parametrize("text", ["0.0079", "US", "US=", "USA=0.01", "US=-1", "US=1e3", "US=$1", "US=.5"])
def test_what_is_no_price_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"write US=0\.0079"):
        parse_prices(text)


def test_a_star_is_the_price_of_every_other_country() -> None:
    prices = Prices(parse_prices("US=0.0079,*=0.05"))
    assert (prices.of("US"), prices.of("FR")) == (US, Decimal("0.05"))
    assert Prices({"US": US}).of("FR") is None


def test_no_prices_are_no_prices() -> None:
    assert not Prices(parse_prices(""))
    assert Prices({"US": US})


@pytest.mark.parametrize("code", ["usd", "$", "EURO", ""])
def test_a_currency_is_a_code(code: str) -> None:
    assert parse_currency("EUR") == "EUR"
    with pytest.raises(ValueError, match="USD or EUR"):
        parse_currency(code)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("19.0232", "USD", "$19.02"),
        ("9.625", "USD", "$9.63"),
        ("1204.5", "USD", "$1,204.50"),
        ("0.0079", "USD", "$0.0079"),
        ("0", "USD", "$0.00"),
        ("0.01", "EUR", "€0.01"),
        ("12", "CAD", "12.00 CAD"),
    ],
)
def test_money_is_shown_as_people_read_it(amount: str, currency: str, shown: str) -> None:
    assert money(Decimal(amount), currency) == shown
