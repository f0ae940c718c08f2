"""What CLDR knows of a language: which way it runs, and how it counts and dates. Babel brings the data."""

import difflib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_ELSE = "en"  # for a language that CLDR doesn't know
_ALIASES = {"tl": "fil"}  # BCP 47 tags that CLDR has by another name
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


def own_name(language: str) -> str:
    """What a language calls itself, as a link to it says it: `Español`, `العربية`; its tag when unknown."""
    known = _ALIASES.get(language, language)
    locale = locale_of(known)
    name = locale.get_language_name(locale) if locale.language == known.partition("-")[0] else None
    name = name or language
    return name[:1].upper() + name[1:]


def is_known(language: str) -> bool:
    """Whether CLDR knows how a language writes dates and numbers; of `pt-BR`, Portuguese."""
    from babel.localedata import exists

    return bool(exists(language.partition("-")[0]))


def near_languages(wanted: str) -> list[str]:
    """What somebody may have meant by `jp`, `por`, `Portuguese` or a slip: `ja (Japanese)`, best first."""
    from babel import Locale
    from babel.core import get_global

    names = {code: str(name) for code, name in Locale(_ELSE).languages.items() if is_known(code)}
    code = wanted.replace("_", "-").partition("-")[0].lower()
    of_country = get_global("likely_subtags").get(f"und_{code.upper()}", "").partition("_")[0]
    longer = get_global("language_aliases").get(code, "")
    called = difflib.get_close_matches(wanted.title(), names.values(), n=1, cutoff=0.75)
    meant = [code, longer, of_country, *(known for known, name in names.items() if name in called)]
    found = [known for known in dict.fromkeys(meant) if known in names and "_" not in known]
    found = found or difflib.get_close_matches(code, names, n=3, cutoff=0.5)
    return [f"{known} ({names[known]})" for known in found]
