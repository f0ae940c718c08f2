"""Addresses as they come out of hands and spreadsheets. Numbers are 555-01xx, which belong to nobody."""

import pickle
import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher import addresses
from dispatcher.addresses import (
    AddressFault,
    AddressProblem,
    EmailAddress,
    PhoneNumber,
    country_of,
    parse_email,
    parse_phone,
    quiet_zones_for,
)
from dispatcher.errors import DispatchError
from dispatcher.rules.hours import EVERYWHERE

F = AddressFault


@pytest.mark.parametrize(
    "text",
    [
        "Maria.Lopez+daca@example.org",
        "  Maria.Lopez+daca@EXAMPLE.org\t",
        "mailto:Maria.Lopez+daca@example.org",
        "<Maria.Lopez+daca@example.org>",
        "María López <Maria.Lopez+daca@example.org>;",
        "Maria.Lopez+daca@example.org;",
        "\u200bMaria.Lopez+daca@example.org\u00a0",
    ],
)
def test_an_email_address_keeps_its_case_for_sending_and_loses_it_for_comparing(text: str) -> None:
    address = parse_email(text)
    assert address.address == "Maria.Lopez+daca@example.org"
    assert address.normalised == "maria.lopez+daca@example.org"
    assert address.domain == "example.org"


@pytest.mark.parametrize(
    "text", ["ana@mañana.example.org", "ana@MAN\u0303ANA.example.org", "ana@xn--maana-pta.example.org"]
)
def test_a_domain_is_ascii_in_whatever_way_it_was_written(text: str) -> None:
    assert parse_email(text) == EmailAddress(
        "ana@xn--maana-pta.example.org", "ana@xn--maana-pta.example.org", "xn--maana-pta.example.org"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", F.EMPTY),
        (" \u200b ", F.EMPTY),
        ("Maria <>", F.EMPTY),
        ("maria.example.org", F.NO_AT),
        ("maria@@example.org", F.SEVERAL_AT),
        ("maria@example.org; jose@example.org", F.SEVERAL_AT),
        ("@example.org", F.LOCAL_PART),
        ("maria lopez@example.org", F.LOCAL_PART),
        ("maria..lopez@example.org", F.LOCAL_PART),
        ("maria\x00@example.org", F.LOCAL_PART),
        ('"maria lopez"@example.org', F.LOCAL_PART),
        ("m" * 65 + "@example.org", F.LOCAL_PART),
        ("maría@example.org", F.LOCAL_PART_NOT_ASCII),
        ("maria@", F.DOMAIN),
        ("maria@example", F.DOMAIN),
        ("maria@localhost", F.DOMAIN),
        ("maria@example..org", F.DOMAIN),
        ("maria@-example.org", F.DOMAIN),
        ("maria@exam_ple.org", F.DOMAIN),
        ("maria@[192.0.2.1]", F.DOMAIN),
        ("maria@192.0.2.1", F.DOMAIN),
        ("maria@printer.local", F.DOMAIN),
        ("maria@host.invalid", F.DOMAIN),
        ("maria@" + "e" * 64 + ".org", F.DOMAIN),
    ],
)
def test_an_email_address_that_cannot_be_is_refused_by_what_is_wrong(text: str, fault: AddressFault) -> None:
    with pytest.raises(AddressProblem) as refusal:
        parse_email(text)
    assert refusal.value.fault is fault


@pytest.mark.parametrize(
    "text",
    [
        "+13125550123",
        "3125550123",
        "13125550123",
        "(312) 555-0123",
        "1-312-555-0123",
        "312.555.0123",
        "+1 (312) 555\u20110123",
        "tel:+1-312-555-0123",
        "\u202a+1 312 555 0123\u202c",
        "٣١٢٥٥٥٠١٢٣",
        "001 312 555 0123",
        "'3125550123",
        '="3125550123"',
        "3125550123.0",
        "13125550123.00",
        "3,125,550,123",
        "3.125550123E+9",
        "1.3125550123E+10",
        "+1.3125550123e10",
        "1,3125550123E+10",
        "13.125550123E+09",
    ],
)
def test_a_number_is_read_as_people_and_spreadsheets_write_it(text: str) -> None:
    assert parse_phone(text) == PhoneNumber("+13125550123")


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+52 55 1234 5678", "+525512345678"),
        ("0052 55 1234 5678", "+525512345678"),
        ("00-48 512 345 678", "+48512345678"),
        ("011 52 55 1234 5678", "+525512345678"),
        ("525512345678", "+525512345678"),
        ("5.25512345678E+11", "+525512345678"),
        ("8613812345678", "+8613812345678"),
        ("48512345678", "+48512345678"),
        ("+39 06 698 12345", "+390669812345"),
        ("+1 500 555 0006", "+15005550006"),  # Twilio's test number
        ("+1 787 555 0123", "+17875550123"),
    ],
)
def test_foreign_and_special_numbers_are_kept(text: str, e164: str) -> None:
    assert parse_phone(text).e164 == e164


def test_a_number_is_read_as_its_region_writes_it() -> None:
    assert parse_phone("55 1234 5678", region="MX").e164 == "+525512345678"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", F.EMPTY),
        (" \u202a ", F.EMPTY),
        ("none", F.NOT_A_NUMBER),
        ("+", F.NOT_A_NUMBER),
        ("312-555-HELP", F.NOT_A_NUMBER),
        ("Cell: 312-555-0123", F.NOT_A_NUMBER),
        ("312-555-0123 (mom)", F.NOT_A_NUMBER),
        ("3.1255501235E+8", F.NOT_A_NUMBER),
        ("3.12556E+12", F.DIGITS_LOST),
        ("1.31256E+10", F.DIGITS_LOST),
        ("3E+9", F.DIGITS_LOST),
        ("312-555-0123 x5", F.EXTENSION),
        ("312-555-0123 ext. 5", F.EXTENSION),
        ("312-555-0123#5", F.EXTENSION),
        ("555-0123", F.NO_AREA_CODE),
        ("911", F.TOO_SHORT),
        ("+52 55", F.TOO_SHORT),
        ("+1 312 555 012", F.TOO_SHORT),
        ("1", F.NOT_A_NUMBER),
        ("+1", F.NOT_A_NUMBER),
        ("+441", F.TOO_SHORT),
        ("011 44 1", F.TOO_SHORT),
        ("+1 312 555 01234", F.TOO_LONG),
        ("312-555-0123 / 312-555-0199", F.TOO_LONG),
        ("3125550123123", F.TOO_LONG),
        ("+52 1 55 1234 5678", F.TOO_LONG),
        ("+999 123 456 789", F.UNKNOWN_COUNTRY),
        ("0000000000", F.NOT_ASSIGNED),
        ("9999999999", F.NOT_ASSIGNED),
        ("+1 123 555 0123", F.NOT_ASSIGNED),
        ("+1 312 155 0123", F.NOT_ASSIGNED),
        ("+1 911 555 0123", F.NOT_ASSIGNED),
        ("31255501234", F.UNCLEAR_COUNTRY),  # a slip of the hand, or a number in the Netherlands
        ("50251234567", F.UNCLEAR_COUNTRY),  # Louisville and a digit, or Guatemala
    ],
)
def test_a_number_that_cannot_be_is_refused_by_what_is_wrong(text: str, fault: AddressFault) -> None:
    with pytest.raises(AddressProblem) as refusal:
        parse_phone(text)
    assert refusal.value.fault is fault


@pytest.mark.parametrize("fault", list(AddressFault))
def test_every_fault_has_a_line_for_the_person_and_a_code_for_scripts(fault: AddressFault) -> None:
    problem = AddressProblem(fault)
    assert isinstance(problem, DispatchError)
    assert problem.code == fault.value
    assert str(problem) == fault.text
    assert "\n" not in fault.text
    assert fault.text.endswith(".")


def test_no_address_shows_where_it_was_not_asked_for() -> None:
    with pytest.raises(AddressProblem) as refusal:
        parse_email("maria lopez@example.org")
    assert "maria" not in repr(refusal.value) + str(refusal.value) + str(refusal.value.facts)
    assert "maria" not in repr(parse_email("maria@example.org"))
    assert "555" not in repr(parse_phone("312-555-0123"))


@given(st.text(max_size=40) | st.from_regex(r"[-+0-9Ee., ()x]{1,24}", fullmatch=True))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = parse_phone(text)
    except AddressProblem:
        return
    assert parse_phone(number.e164) == number


def by_library(text: str) -> PhoneNumber | AddressFault:
    """The number in the text, as the library alone reads it, or what is wrong with it."""
    try:
        return addresses._parse_by_library(text, "US")
    except AddressProblem as problem:
        return problem.fault


def as_we_do(text: str) -> PhoneNumber | AddressFault:
    try:
        return parse_phone(text)
    except AddressProblem as problem:
        return problem.fault


@given(st.from_regex(addresses._WRITTEN_PLAINLY, fullmatch=True))
@settings(max_examples=2000)
def test_a_number_that_is_written_plainly_is_what_the_library_says(text: str) -> None:
    assert as_we_do(text) == by_library(text)


@pytest.mark.parametrize("prefix", ["", "1", "+1", "1-", "+1 "])
def test_every_area_code_and_exchange_is_read_as_the_library_reads_it(prefix: str) -> None:
    codes = range(200, 1000)
    for area, exchange in zip(codes, reversed(codes), strict=True):
        line = f"{area * exchange % 10_000:04}"
        for text in (f"{prefix}{area}{exchange}{line}", f"{prefix}({area}) {exchange}-{line}"):
            assert addresses._WRITTEN_PLAINLY.fullmatch(text)
            assert as_we_do(text) == by_library(text)


@pytest.mark.parametrize(
    "text", ["1200200.0000", "200200.0000", "3,125,550,123", "(312 555-0123", "1 (312)-555-0123"]
)
def test_what_is_not_written_plainly_is_left_to_the_library(text: str) -> None:
    assert not addresses._WRITTEN_PLAINLY.fullmatch(text)


@given(st.text(max_size=40) | st.emails())
def test_any_text_is_an_email_address_or_refused(text: str) -> None:
    try:
        address = parse_email(text)
    except AddressProblem:
        return
    assert parse_email(address.address) == address
    assert parse_email(address.normalised).normalised == address.normalised
    assert address.address.isascii()


@pytest.mark.parametrize(
    ("e164", "area_code", "zones"),
    [
        ("+13125550123", "312", ("America/Chicago",)),
        ("+18505550123", "850", ("America/Chicago", "America/New_York")),
        ("+14165550123", "416", ("America/Toronto",)),
        ("+48512345678", None, ("Europe/Warsaw",)),
        ("+88212345678", None, ()),
    ],
)
def test_a_number_knows_its_zones(e164: str, area_code: str | None, zones: tuple[str, ...]) -> None:
    number = PhoneNumber(e164)
    assert (number.area_code, number.zones) == (area_code, zones)


@pytest.mark.parametrize(
    ("time_zone", "postal_code", "phone", "expected"),
    [
        ("America/Denver", "60601", "+13125550123", "America/Denver"),
        (None, "33101", "+13125550123", "America/New_York@8-20"),
        (None, None, "+13125550123", "America/Chicago"),
        (None, "", "+14165550123", "America/Toronto"),
        ("", None, "+48512345678", "Europe/Warsaw"),
        (None, None, "+18005550123", EVERYWHERE),
        (None, None, "+88212345678", EVERYWHERE),
        (None, None, None, EVERYWHERE),
        (None, "60601", None, "America/Chicago"),
    ],
)
def test_quiet_zones_come_from_the_best_that_is_known(
    time_zone: str | None, postal_code: str | None, phone: str | None, expected: str
) -> None:
    assert quiet_zones_for(time_zone, postal_code, phone) == expected


def test_the_zones_of_any_country_fit_their_column() -> None:
    for country in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
        if example:
            e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            assert 0 < len(quiet_zones_for(None, None, e164)) <= 255


def test_a_problem_can_travel_between_processes() -> None:
    problem = pickle.loads(pickle.dumps(AddressProblem(F.EMPTY)))
    assert problem.fault is F.EMPTY


def test_importing_addresses_loads_no_library() -> None:
    code = "import sys, dispatcher.addresses; print({'phonenumbers', 'email_validator'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+13125550123", "US"),
        ("+18005550123", "US"),
        ("+19995550123", "US"),  # an area code that nobody knows yet
        ("+14165550123", "CA"),
        ("+17875550123", "PR"),
        ("+525512345678", "MX"),
        ("+48512345678", "PL"),
        ("+80012345678", "001"),  # of no country
    ],
)
def test_a_number_has_the_country_that_providers_price_it_by(number: str, country: str) -> None:
    assert country_of(number) == country
