"""Addresses as people and spreadsheets write them, made fit for sending and for comparing.

An address that can't be used raises AddressProblem: a code and one line of text, and never the address.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from dispatcher.errors import InvalidAddress
from dispatcher.rules.area_codes import place_of_area_code
from dispatcher.rules.quiet_zones import quiet_zones

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber as ParsedNumber


class AddressFault(StrEnum):
    """Why an address was refused."""

    EMPTY = "empty"
    NO_AT = "no_at"
    SEVERAL_AT = "several_at"
    LOCAL_PART = "local_part"
    LOCAL_PART_NOT_ASCII = "local_part_not_ascii"
    DOMAIN = "domain"
    NOT_A_NUMBER = "not_a_number"
    DIGITS_LOST = "digits_lost"
    EXTENSION = "extension"
    NO_AREA_CODE = "no_area_code"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    WRONG_LENGTH = "wrong_length"
    UNKNOWN_COUNTRY = "unknown_country"
    UNCLEAR_COUNTRY = "unclear_country"
    NOT_ASSIGNED = "not_assigned"

    @property
    def text(self) -> str:
        """One line for the person who must mend it."""
        return _TEXTS[self]


_TEXTS = {
    AddressFault.EMPTY: "There is no address.",
    AddressFault.NO_AT: "The email address has no @.",
    AddressFault.SEVERAL_AT: "There is more than one @; give one email address to a cell.",
    AddressFault.LOCAL_PART: "The part of the email address before the @ can't be right.",
    AddressFault.LOCAL_PART_NOT_ASCII: "The part of the email address before the @ has a letter that most "
    "mail servers refuse, such as one with an accent.",
    AddressFault.DOMAIN: "The part of the email address after the @ isn't a domain that gets mail.",
    AddressFault.NOT_A_NUMBER: "This isn't a phone number; give its digits alone.",
    AddressFault.DIGITS_LOST: "A spreadsheet has rounded the number and lost its last digits; format the "
    "column as text and export it again.",
    AddressFault.EXTENSION: "The number has an extension; texts reach only direct numbers.",
    AddressFault.NO_AREA_CODE: "The number has no area code.",
    AddressFault.TOO_SHORT: "The number has too few digits.",
    AddressFault.TOO_LONG: "The number has too many digits; give one number to a cell.",
    AddressFault.WRONG_LENGTH: "The number has too few or too many digits for its country.",
    AddressFault.UNKNOWN_COUNTRY: "The number begins with a country code that doesn't exist.",
    AddressFault.UNCLEAR_COUNTRY: "The number has digits too many, or is a foreign one that has lost its +; "
    "write foreign numbers with their +.",
    AddressFault.NOT_ASSIGNED: "North America has no such numbers; check the area code and the three digits "
    "after it.",
}


_ORDINARY_LOCAL = re.compile(
    r"[A-Za-z0-9_+-]{1,32}(?:\.[A-Za-z0-9_+-]{1,15}){0,2}"
)  # RFC 5321, and then some
_NEVER_TOO_LONG = 120  # characters; an address may have 254, its domain spelled in IDNA
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_TEL = re.compile(r"^(?:tel|sms):", re.IGNORECASE)
_DOUBLE_ZERO = re.compile(r"^00(?=[^\d]*[1-9])")  # how much of the world writes +
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_SCIENTIFIC = re.compile(r"\+?\d+(?:[.,]\d+)?E\+?\d{1,2}|\+?\d{7,}[.,]0+", re.IGNORECASE)
_NORTH_AMERICAN = re.compile(r"(?!(\d)\1{9})[2-9](?!11)\d\d[2-9]\d{6}")  # NANP, not 9999999999
# How nearly everybody writes such a number; what libphonenumber makes of it is known without asking.
_WRITTEN_PLAINLY = re.compile(
    r"(?:\+?1[-. ]?)?(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[-. ]?[0-9]{4}"
    r"|[2-9][0-9]{2}(?P<between>[-. ]?)[2-9][0-9]{2}(?P=between)[0-9]{4})"
)
_PUNCTUATION = str.maketrans("", "", "+(). -")
_SOME_LINE = "2345678"  # what follows an area code, for asking about the code alone

# By NumberParseException and ValidationResult of phonenumbers, which is imported only where numbers are read.
_PARSE_FAULTS = {
    0: AddressFault.UNKNOWN_COUNTRY,
    1: AddressFault.NOT_A_NUMBER,
    2: AddressFault.TOO_SHORT,
    3: AddressFault.TOO_SHORT,
    4: AddressFault.TOO_LONG,
}
_LENGTH_FAULTS = {2: AddressFault.TOO_SHORT, 3: AddressFault.TOO_LONG, 4: AddressFault.NO_AREA_CODE}


class AddressProblem(InvalidAddress):
    """{fault.text}"""

    def __init__(self, fault: AddressFault) -> None:
        self.fault = fault
        super().__init__(fault=fault)

    @property
    def code(self) -> str:
        """The fault's own code, for JSON and for the rejects of an import."""
        return str(self.fault)


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An email address: `address` is what mail goes to, `normalised` what makes two spellings one person.

    The domain is lower-case ASCII (IDNA 2008, UTS 46) in all three. The local part keeps its case for
    sending, as only the receiver knows whether it matters (RFC 5321 2.4), and is lower-case in `normalised`:
    no two people have addresses that differ in nothing else.
    """

    address: str = field(repr=False)
    normalised: str = field(repr=False)
    domain: str


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A phone number in E.164, such as +13125550123: for sending and for comparing."""

    e164: str = field(repr=False)

    @property
    def area_code(self) -> str | None:
        """The three digits after +1; None outside North America."""
        return self.e164[2:5] if self.e164.startswith("+1") else None

    @property
    def zones(self) -> tuple[str, ...]:
        """The IANA time zones of its area code, or of its country; none when libphonenumber knows none."""
        place = place_of_area_code(self.area_code) if self.area_code else None
        if place:
            return tuple(sorted(place.zones))
        from phonenumbers import parse
        from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

        return tuple(zone for zone in time_zones_for_number(parse(self.e164)) if zone != UNKNOWN_TIMEZONE)


def parse_email(text: str) -> EmailAddress:
    """The address in a cell or a form; a name, spaces, `mailto:` and angle brackets around it don't matter.

    Local parts outside ASCII (RFC 6531) are refused: large relays can't send to them, Amazon SES for one, and
    in a list of people here they are nearly always a slip of the keyboard. The network isn't asked anything.
    """
    cleaned = _tidy(text).rstrip(".,;")
    if cleaned.endswith(">"):
        cleaned = cleaned.rpartition("<")[2].rstrip(">")
    local, at, domain = _MAILTO.sub("", cleaned).partition("@")
    if not local and not at:
        raise AddressProblem(AddressFault.EMPTY)
    if not at:
        raise AddressProblem(AddressFault.NO_AT)
    if "@" in domain:
        raise AddressProblem(AddressFault.SEVERAL_AT)
    if not local.isascii():
        raise AddressProblem(AddressFault.LOCAL_PART_NOT_ASCII)
    ascii_domain = _ascii_domain(local, domain)
    if ascii_domain is None:
        at_fault = AddressFault.LOCAL_PART if _mail_domain(domain) else AddressFault.DOMAIN
        raise AddressProblem(at_fault)
    return EmailAddress(f"{local}@{ascii_domain}", f"{local.lower()}@{ascii_domain}", ascii_domain)


def parse_phone(text: str, region: str = "US") -> PhoneNumber:
    """The number in a cell or a form, read as someone in `region` (ISO 3166-1) writes it.

    Mends what spreadsheets do to numbers (`1.3125550123E+10`, `3125550123.0`, a lost `+`) as long as no digit
    is gone. The shape is checked, not whether the number is in use: new area codes come, and 555-01xx passes.
    """
    if region == "US" and _WRITTEN_PLAINLY.fullmatch(text):
        digits = text.translate(_PUNCTUATION)[-10:]
        if _NORTH_AMERICAN.fullmatch(digits):
            return PhoneNumber(f"+1{digits}")
    return _parse_by_library(text, region)


def _parse_by_library(text: str, region: str) -> PhoneNumber:
    import phonenumbers

    cleaned = _DOUBLE_ZERO.sub("+", _unspoilt(_TEL.sub("", _tidy(text).strip("'=\""))))
    if not cleaned:
        raise AddressProblem(AddressFault.EMPTY)
    number = _parsed(cleaned, region)
    if number.extension:
        raise AddressProblem(AddressFault.EXTENSION)
    if any(char.isalpha() for char in cleaned):  # libphonenumber would dial letters, also those of "(mum)"
        raise AddressProblem(AddressFault.NOT_A_NUMBER)
    length = phonenumbers.is_possible_number_with_reason(number)
    if length == phonenumbers.ValidationResult.TOO_LONG and "+" not in cleaned:
        number = _with_lost_plus(phonenumbers.normalize_digits_only(cleaned), region)
    elif length != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise AddressProblem(_LENGTH_FAULTS.get(length, AddressFault.WRONG_LENGTH))
    if number.country_code == 1 and not _NORTH_AMERICAN.fullmatch(str(number.national_number)):
        raise AddressProblem(AddressFault.NOT_ASSIGNED)
    return PhoneNumber(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def country_of(e164: str) -> str:
    """The country of a number (ISO 3166-1), by which providers price texts; `001` of no country."""
    area = e164[2:5]
    return _country(f"+1{area}{_SOME_LINE}" if e164.startswith("+1") else e164)


@lru_cache(maxsize=10_000)  # in North America by area code: a few hundred of them
def _country(e164: str) -> str:
    import phonenumbers

    number = phonenumbers.parse(e164)
    country = phonenumbers.region_code_for_number(number)
    return str(country or phonenumbers.region_code_for_country_code(number.country_code or 0))


def quiet_zones_for(time_zone: str | None, postal_code: str | None, phone: str | None) -> str:
    """What `subscribers.quiet_zones` keeps, from the columns beside it, phone in E.164: rules.quiet_zones."""
    number = PhoneNumber(phone) if phone else None
    return quiet_zones(
        own_zone=time_zone,
        postal_code=postal_code,
        area_code=number.area_code if number else None,
        number_zones=number.zones if number else (),
    )


def _tidy(text: str) -> str:
    """Without the spaces around it, nor the marks that nobody sees (direction, zero width, soft hyphen)."""
    if text.isascii():
        return text.strip()
    return "".join(char for char in text if unicodedata.category(char) != "Cf").strip()


def _ascii_domain(local: str, domain: str) -> str | None:
    """The domain in IDNA ASCII when both parts are right, else None."""
    if _ORDINARY_LOCAL.fullmatch(local) and len(local) + len(domain) < _NEVER_TOO_LONG:
        return _mail_domain(domain)
    return _validated(local, domain)


@lru_cache(maxsize=10_000)  # a list's people share a few domains; checking one takes as long as all the rest
def _mail_domain(domain: str) -> str | None:
    return _validated("anybody", domain)


def _validated(local: str, domain: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(f"{local}@{domain}", check_deliverability=False, strict=True).ascii_domain
    except EmailNotValidError:
        return None


def _unspoilt(text: str) -> str:
    """A number's digits out of `1.3125550123E+10`, `3125550123.0` or `3,125,550,123`; other text as it is."""
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    if not _SCIENTIFIC.fullmatch(text):
        return text
    number = Decimal(text.replace(",", "."))
    if number.adjusted() >= len(number.as_tuple().digits):  # zeros would stand where digits were
        raise AddressProblem(AddressFault.DIGITS_LOST)
    if number != int(number):
        raise AddressProblem(AddressFault.NOT_A_NUMBER)
    return f"{'+' if text.startswith('+') else ''}{int(number)}"


def _parsed(text: str, region: str | None) -> "ParsedNumber":
    import phonenumbers

    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise AddressProblem(_PARSE_FAULTS[error.error_type]) from None


def _with_lost_plus(digits: str, region: str) -> "ParsedNumber":
    """Too many digits for `region`: a foreign number without its +, unless a slip of the hand explains it."""
    from phonenumbers import PhoneNumberType, is_valid_number, number_type

    foreign = _parsed(f"+{digits}", None)
    if not is_valid_number(foreign):
        raise AddressProblem(AddressFault.TOO_LONG)
    ordinary = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
    if any(number_type(_parsed(digits[:-extra], region)) in ordinary for extra in (1, 2)):
        raise AddressProblem(AddressFault.UNCLEAR_COUNTRY)
    return foreign
