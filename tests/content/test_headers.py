"""Header lines: what the standard library reads in them is what was meant, and no more."""

import email
import email.policy
import re
from email.headerregistry import AddressHeader, UniqueUnstructuredHeader
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatcher.content.cleaning import one_line
from dispatcher.content.headers import ascii_address, mailbox, unstructured
from dispatcher.errors import RenderFailed

HOSTILE = [
    "Ana",
    "Ruiz, Ana",
    '"Ana" <eve@example.org>',
    "Ana\\",
    "a" * 5000,
    "ab " * 1500,
    "Núñez, " * 300,
    "نور " * 200,
    "李" * 2000,
    "=?utf-8?q?Ana?=",
    "a =?utf-8?b?QW5h?= b",
    "Ana (comment)",
    "Ana; group: eve@example.org;",
    "@example.org",
    "{{ x }}",
    ". . .",
    "👩\u200d👩\u200d👧 " * 40,
]
LINES = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters()).map(one_line), st.text("ab, \"'\\=?_é李")
)


def read(header: bytes) -> Any:
    """The header as the standard library reads it; its defects must be none."""
    message = email.message_from_bytes(header + b"\r\n", policy=email.policy.default)
    assert len(message.items()) == 1
    value = message.values()[0]
    assert not value.defects
    assert not message.defects
    return value


def assert_well_folded(header: bytes) -> None:
    assert header.endswith(b"\r\n")
    assert header.isascii()
    for number, line in enumerate(header[:-2].split(b"\r\n")):
        assert b"\r" not in line
        assert b"\n" not in line
        assert number == 0 or line.startswith(b" ")
        assert line.strip()
        assert len(line) <= 998
    for word in re.findall(rb"=\?[^?]*\?[qbQB]\?[^?]*\?=", header):
        assert len(word) <= 75


@given(LINES.map(one_line).filter(bool))
@example("Re: " + "word " * 40)
@example("a" * 61 + " b")
def test_a_subject_says_what_was_meant(subject: str) -> None:
    subject = one_line(subject)
    header = unstructured("Subject", subject)
    assert_well_folded(header)
    assert all(len(line) <= 76 for line in header.split(b"\r\n"))
    value = read(header)
    assert isinstance(value, UniqueUnstructuredHeader)
    assert str(value) == subject


@given(LINES.map(one_line))
def test_a_display_name_never_adds_a_recipient(display: str) -> None:
    header = mailbox("To", display, "ana@example.org")
    assert_well_folded(header)
    assert all(len(line) <= 76 for line in header.split(b"\r\n"))
    value = read(header)
    assert isinstance(value, AddressHeader)
    assert [address.addr_spec for address in value.addresses] == ["ana@example.org"]
    # The standard library keeps the space between two encoded words of a name; RFC 2047 section 6.2 drops it.
    assert value.addresses[0].display_name.replace(" ", "") == display.replace(" ", "")


@pytest.mark.parametrize("display", ["Coalition alerts", "Coalition, Chicago", 'The "C"', "O'Hara", "a" * 60])
def test_a_short_latin_name_stays_readable(display: str) -> None:
    assert b"=?" not in mailbox("From", display, "alerts@example.org")


def test_no_encoded_word_splits_a_character() -> None:
    for word in unstructured("Subject", "李" * 500).decode().split():
        if word.startswith("=?"):
            message = email.message_from_string(f"Subject: {word}\n\n", policy=email.policy.default)
            assert set(str(message["Subject"])) == {"李"}


@pytest.mark.parametrize(
    ("given_address", "ascii_form"),
    [
        ("ana@example.org", "ana@example.org"),
        ("Ana.O'Hara+x@example.org", "Ana.O'Hara+x@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@faß.example", "ana@xn--fa-hia.example"),
        ("ana@例え.テスト", "ana@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_a_domain_goes_out_in_ascii(given_address: str, ascii_form: str) -> None:
    assert ascii_address(given_address) == ascii_form


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@example.org",
        "ana@",
        "a b@example.org",
        "ana@example.org>",
        "<ana@example.org",
        "ana@exa mple.org",
        "ana@@example.org",
        "ana.@example.org",
        "ana@example..org",
        "ana@example.org\n",
        "ana\x00@example.org",
        "ana@\udcff.org",
        '"ana, eve@x"@example.org',
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(RenderFailed, match="address isn't valid"):
        ascii_address(address)


def test_a_local_part_beyond_ascii_waits_for_smtputf8() -> None:
    with pytest.raises(RenderFailed, match="address needs SMTPUTF8"):
        ascii_address("josé@example.org")
