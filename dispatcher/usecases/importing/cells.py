"""One row's cells as a person, cleaned and checked. A row with a broken cell is rejected, with why."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from zoneinfo import available_timezones

from dispatcher.addresses import AddressProblem, EmailAddress, parse_email, parse_phone
from dispatcher.keyring import Keyring
from dispatcher.rules.formulas import restored
from dispatcher.usecases.importing.columns import Columns
from dispatcher.usecases.importing.files import Row
from dispatcher.usecases.importing.rejecting import RowFault, RowRejected
from dispatcher.usecases.importing.spellings import LANGUAGES, NO, NOTHING, TIME_ZONES, YES, plain

_LONGEST_NAME, _LONGEST_ATTRIBUTE, _LONGEST_POSTAL_CODE = 200, 1000, 16  # characters
_LANGUAGE_CODE = re.compile(r"(?P<language>[a-z]{2,3})(?P<rest>(?:[-_][a-z0-9]{2,8})*)", re.IGNORECASE)
_ZIP = re.compile(r"(?P<zip>[0-9]{3,5})(?:[- ]?(?P<plus4>[0-9]{4}))?")


@dataclass(slots=True)
class RowPerson:
    """What one row says of a person. None: the row says nothing, and nothing is erased by it."""

    email: EmailAddress | None = field(repr=False)
    email_key: bytes | None = field(repr=False)
    phone: str | None = field(repr=False)  # E.164
    phone_key: bytes | None = field(repr=False)
    first_name: str | None = field(repr=False)
    last_name: str | None = field(repr=False)
    language: str | None
    time_zone: str | None
    postal_code: str | None
    attributes: dict[str, str] = field(repr=False)
    texts_agreed: bool | None  # the yes-column; None: there is none, or the cell is empty


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, columns: Columns, keys: Keyring) -> None:
        self._columns = columns
        self._keys = keys

    def read(self, row: Row) -> RowPerson:
        """The row's person. Raises RowRejected."""
        if any(map(str.strip, row.cells[len(self._columns.header) :])):
            raise RowRejected.because(RowFault.TOO_MANY_CELLS)
        cell = {name: _cleaned(row.cells, place) for name, place in self._columns.fields.items()}
        try:
            email = parse_email(text) if (text := _something(cell.get("email", ""))) else None
            phone = parse_phone(text).e164 if (text := _something(cell.get("phone", ""))) else None
        except AddressProblem as problem:
            raise RowRejected(problem.code, str(problem)) from None
        if email is None and phone is None:
            raise RowRejected.because(RowFault.NO_ADDRESS)
        return RowPerson(
            email=email,
            email_key=self._keys.address_key(email.normalised) if email else None,
            phone=phone,
            phone_key=self._keys.address_key(phone) if phone else None,
            first_name=_name(cell.get("first_name", "")),
            last_name=_name(cell.get("last_name", "")),
            language=_language(_something(cell.get("language", ""))),
            time_zone=_time_zone(_something(cell.get("time_zone", ""))),
            postal_code=_postal_code(_something(cell.get("postal_code", ""))),
            attributes=self._attributes(row.cells),
            texts_agreed=_yes_or_no(cell.get("sms_consent", "")),
        )

    def _attributes(self, cells: Sequence[str]) -> dict[str, str]:
        found = {name: _cleaned(cells, place) for name, place in self._columns.kept.items()}
        if any(len(value) > _LONGEST_ATTRIBUTE for value in found.values()):
            raise RowRejected.because(RowFault.TOO_LONG_TEXT)
        return {name: value for name, value in found.items() if value}


def _cleaned(cells: Sequence[str], place: int) -> str:
    """A cell without what can't be seen: line breaks, NUL, control and direction characters."""
    if place >= len(cells):
        return ""
    text = restored(cells[place].strip())
    # Nearly every cell: nothing in it would be taken away, composed or drawn together.
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text
    return _scrubbed(text)


def _scrubbed(text: str) -> str:
    seen = (" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    # Cf but the joiners that Persian and Indian scripts spell with; Cs would not survive any encoding.
    kept = (c for c in seen if c in "\u200c\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn"})
    return " ".join("".join(kept).split())


def _something(text: str) -> str:
    """The text, or nothing where it says so: `n/a`, `-`, `none`."""
    return "" if len(text) <= 12 and not text[:1].isdigit() and _says_nothing(text) else text


@lru_cache(maxsize=1000)
def _says_nothing(text: str) -> bool:
    word = plain(text)
    return not word or word in NOTHING


def _name(text: str) -> str | None:
    if len(text) > _LONGEST_NAME:
        raise RowRejected.because(RowFault.TOO_LONG_TEXT)
    return text if any(map(str.isalnum, text)) else None


@lru_cache(maxsize=1000)
def _language(text: str) -> str | None:
    """A BCP 47 tag from a code or a language's name in one of several languages."""
    if not text:
        return None
    words = [plain(text), *map(plain, re.split(r"[^\w]+", text)[:1])]
    for word in words:
        if word in LANGUAGES:
            return LANGUAGES[word]
    code = _LANGUAGE_CODE.fullmatch(text)
    if code is None:
        raise RowRejected.because(RowFault.UNKNOWN_LANGUAGE)
    subtags = re.split("[-_]", code["rest"])[1:]
    # RFC 5646, section 2.1.1: language in small letters, scripts with one capital, regions in capitals.
    return "-".join(
        [code["language"].lower(), *(tag.upper() if len(tag) < 4 else tag.title() for tag in subtags)]
    )


@cache
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() if "/" in zone or zone == "UTC"}


@lru_cache(maxsize=1000)
def _time_zone(text: str) -> str | None:
    if not text:
        return None
    zone = _zones().get(text.replace(" ", "_").casefold()) or TIME_ZONES.get(plain(text))
    if zone is None:
        raise RowRejected.because(RowFault.UNKNOWN_TIME_ZONE)
    return zone


def _postal_code(text: str) -> str | None:
    """The code in capitals; a ZIP code with the zeros in front that spreadsheets take away."""
    code = " ".join(text.upper().split())
    if match := _ZIP.fullmatch(code):
        plus4 = f"-{match['plus4']}" if match["plus4"] else ""
        return match["zip"].zfill(5) + plus4
    if len(code) > _LONGEST_POSTAL_CODE:
        raise RowRejected.because(RowFault.POSTAL_CODE)
    return code or None


@lru_cache(maxsize=1000)
def _yes_or_no(text: str) -> bool | None:
    word = plain(text)
    if word in YES or word in NO:
        return word in YES
    if word and word not in NOTHING:
        raise RowRejected.because(RowFault.UNCLEAR_CONSENT)
    return None
