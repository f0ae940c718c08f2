"""An attribute's value as people write it, made comparable: the same for a file's cell and for a segment."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from dispatcher.usecases.importing.spellings import NO, YES, plain

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?", re.DOTALL)  # a workbook's have a time
_US_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_YEARS = range(1900, 2201)


class AttributeType(StrEnum):
    """What an attribute holds, and so how it is compared."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"

    @property
    def ordered(self) -> bool:
        """Whether < and > mean something."""
        return self in {AttributeType.NUMBER, AttributeType.DATE}


def comparable(kind: AttributeType, text: str) -> str | float | None:
    """The value, None when the text isn't one of this type: a number for ordered types, words for others.

    Capitals, accents' spelling and spaces make no difference; `Sí` is a yes. A date is its day's number.
    """
    if kind is AttributeType.NUMBER:
        return number(text)
    if kind is AttributeType.DATE:
        found = day(text)
        return None if found is None else float(found.toordinal())
    if kind is AttributeType.YES_NO:
        word = plain(text)
        return "yes" if word in YES else "no" if word in NO else None
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()) or None


def number(text: str) -> float | None:
    """`1,250.50` and `$40` as numbers; None for anything else."""
    bare = text.strip().removeprefix("$").replace(",", "")
    return float(bare) if _NUMBER.fullmatch(bare) else None


def day(text: str) -> date | None:
    """`2026-11-01` as a day, or `11/1/2026` as spreadsheets in the USA write it; None for anything else."""
    text = text.strip()
    if match := _ISO_DAY.fullmatch(text):
        year, month, number_ = match.groups()
    elif match := _US_DAY.fullmatch(text):
        month, number_, year = match.groups()
    else:
        return None
    try:
        found = date(int(year), int(month), int(number_))
    except ValueError:
        return None
    return found if found.year in _YEARS else None
