"""What CLDR knows of a language: which way it runs, and how it counts and dates. Babel brings the data."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_ELSE = "en"  # for a language that CLDR doesn't know
_COUNTRY = "US"  # where readers live: Spanish as written there has $9.60 and 5:00 p. m.


@lru_cache(maxsize=64)
def locale_of(language: str) -> "Locale":
    """CLDR's locale for a BCP 47 tag (`zh-Hans`, `es-MX`), else without script and region, else English."""
    from babel import Locale, UnknownLocaleError

    tag = language if language.count("-") else f"{language}-{_COUNTRY}"
    while tag:
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            tag = tag.rpartition("-")[0]
    return Locale(_ELSE)


def direction(language: str) -> str:
    """`rtl` for a language that is written from right to left, else `ltr`."""
    return str(locale_of(language).text_direction)
