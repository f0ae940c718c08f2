"""What people wrote becomes harmless letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.content.cleaning import one_line, plain

ANYTHING = st.text(st.characters())  # lone surrogates too


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("Ana\r\nBcc: x@example.org", "Ana Bcc: x@example.org"),
        ("Ana\0", "Ana"),
        ("  Ana \t María ", "Ana María"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\u2066b\u2069c\u200fd\ufeff", "abcd"),
        ("a\u2028b\u0085c", "a b c"),
        ("\ud800", "\ufffd"),
        ("نور", "نور"),
        ("👩\u200d👩", "👩\u200d👩"),  # a joiner makes one picture of two
    ],
)
def test_a_line_is_one_line_without_anything_invisible(written: str, line: str) -> None:
    assert one_line(written) == line


@given(ANYTHING)
def test_a_line_can_always_be_encoded_and_has_no_control_character(text: str) -> None:
    line = one_line(text)
    line.encode()
    assert not any(unicodedata.category(char) == "Cc" for char in line)
    assert "  " not in line
    assert one_line(line) == line


@given(ANYTHING)
def test_a_body_can_always_be_encoded_and_has_only_lf_line_ends(text: str) -> None:
    body = plain(text)
    body.encode()
    assert not set(body) & set(map(chr, {*range(32), 127} - {9, 10}))


def test_a_body_keeps_its_lines_and_tabs() -> None:
    assert plain("a\r\nb\rc\n\td\0") == "a\nb\nc\n\td"
