"""Filters for organisers: dates, numbers and plurals in the reader's language, and what to say for nothing.

The language is the message's own, by the variable `language`. What can't be read as a date or a number is
left as it stands: an imported column holds whatever somebody typed. Answers are kept, for many people have
the same; by the text of a value, since `17:00-06:00` and `23:00+00:00` are equal and read differently.
"""

from collections.abc import Callable
from datetime import date as Date  # noqa: N812 - a filter is called date
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context

from dispatcher.content.locales import locale_of

_KEPT = 4096  # answers of each kind
_SHORTEST = 3  # letters; a name as short as JP may well be all capitals


@pass_context
def date(context: Context, value: Any, form: str = "long") -> str:
    """`December 5, 2026`, of a moment or `2026-12-05`; forms: full (with a weekday), long, medium, short."""
    return _date(_text(value), form, _language(context))


@pass_context
def time(context: Context, value: Any, form: str = "short") -> str:
    """`5:00 PM`, of a moment or of `2026-12-05T17:00`, on the clock that it was written by."""
    return _time(_text(value), form, _language(context))


@pass_context
def number(context: Context, value: Any) -> str:
    """`1,204.5`."""
    return _decimal(_text(value), _language(context))


@pass_context
def money(context: Context, value: Any, currency: str = "USD") -> str:
    """`$1,204`, or `$9.60` where there are cents; currency by its ISO 4217 code."""
    return _money(_text(value), currency, _language(context))


@pass_context
def plural(context: Context, value: Any, *, other: str, **forms: str) -> str:
    """The form that goes with a number, which is its `#`: `{{ n|plural(one="# call", other="# calls") }}`.

    CLDR's categories: zero, one, two, few, many, other. A form that isn't given is `other`.
    """
    text, language = _text(value), _language(context)
    return forms.get(_category(text, language), other).replace("#", _decimal(text, language))


def otherwise(value: Any, instead: str) -> Any:
    """The value; `instead` where it is missing or blank: `{{ attributes.city|otherwise("your town") }}`."""
    return instead if isinstance(value, Undefined) or not str(value).strip() else value


def name(value: Any, instead: str = "") -> str:
    """A person's name as one writes it, `MARIA` as `Maria`; `instead` where there is none."""
    written = str(otherwise(value, "")).strip()
    shouted = len(written) >= _SHORTEST and (written.isupper() or written.islower())
    return (written.title() if shouted else written) or instead


FILTERS: dict[str, Callable[..., Any]] = {
    "date": date,
    "time": time,
    "number": number,
    "money": money,
    "plural": plural,
    "otherwise": otherwise,
    "name": name,
}


def _language(context: Context) -> str:
    return str(context.get("language", "en"))


def _text(value: Any) -> str:
    """What stands for a value; of one that is missing jinja2's UndefinedError, which names it."""
    return value.isoformat() if isinstance(value, Date) else str(value).strip()


@lru_cache(maxsize=_KEPT)
def _date(text: str, form: str, language: str) -> str:
    from babel.dates import format_date

    moment = _moment(text)
    return text if moment is None else str(format_date(moment, form, locale=locale_of(language)))


@lru_cache(maxsize=_KEPT)
def _time(text: str, form: str, language: str) -> str:
    from babel.dates import format_time

    moment = _moment(text)
    if moment is None or "T" not in text.replace(" ", "T"):
        return text
    return str(format_time(moment.timetz(), form, tzinfo=moment.tzinfo, locale=locale_of(language)))


@lru_cache(maxsize=_KEPT)
def _decimal(text: str, language: str) -> str:
    from babel.numbers import format_decimal

    amount = _amount(text)
    return text if amount is None else str(format_decimal(amount, locale=locale_of(language)))


@lru_cache(maxsize=_KEPT)
def _money(text: str, currency: str, language: str) -> str:
    from babel.numbers import format_currency

    amount = _amount(text)
    if amount is None:
        return text
    locale, whole = locale_of(language), amount == amount.to_integral_value()
    pattern = locale.currency_formats["standard"].pattern
    return str(
        format_currency(
            amount,
            currency,
            pattern.replace(".00", "") if whole else None,
            locale=locale,
            currency_digits=not whole,
        )
    )


@lru_cache(maxsize=_KEPT)
def _category(text: str, language: str) -> str:
    """CLDR's plural category of a number: 5 is `many` in Polish; of anything else `other`."""
    amount = _amount(text)
    return "other" if amount is None else str(locale_of(language).plural_form(amount))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
