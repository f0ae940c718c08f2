"""Segments, held against a second way of counting that really packs and cuts the text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatcher.rules.sms import (
    MAX_LENGTH,
    Encoding,
    encoding,
    forcing_characters,
    length,
    normalise,
    segments,
)

ASCII_IN_GSM = {chr(code) for code in range(0x20, 0x7F)} - set("`^{}\\[~]|")
BEYOND_ASCII = set("£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæÉ¤¡ÄÖÑÜ§¿äöñüàß")
PLAIN = ASCII_IN_GSM | BEYOND_ASCII | {"\n", "\r"}
ESCAPED = set("\f^{}\\[~]|€")
ESCAPE = 0x1B

gsm_texts = st.text(st.sampled_from(sorted(PLAIN | ESCAPED)), min_size=100, max_size=700)
unicode_texts = st.text(st.sampled_from("aé€á\u2014😀👪🏽\u200d"), min_size=40, max_size=400)


def cut(units: list[int], alone: int, part: int, opens_a_pair: range) -> int:
    """How many parts, when no cut may follow a unit that opens a pair."""
    if len(units) <= alone:
        return 1
    parts, start = 0, 0
    while start < len(units):
        end = start + part
        if end < len(units) and units[end - 1] in opens_a_pair:
            end -= 1
        parts, start = parts + 1, end
    return parts


def in_septets(text: str) -> int:
    units = [unit for char in text for unit in ((ESCAPE, 0) if char in ESCAPED else (0,))]
    return cut(units, 160, 153, range(ESCAPE, ESCAPE + 1))


def in_utf16(text: str) -> int:
    raw = text.encode("utf-16-be")
    units = [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
    return cut(units, 70, 67, range(0xD800, 0xDC00))


def test_the_gsm_alphabet_is_the_standards_and_nothing_else() -> None:
    in_gsm = {chr(code) for code in range(0x10000) if encoding(chr(code)) is Encoding.GSM}
    assert in_gsm == PLAIN | ESCAPED
    assert len(PLAIN) == 127  # with the escape itself, 128


@pytest.mark.parametrize("char", [*"áíóúÁÍÓÚçêãõąćęłńśźż“”—…`中😀\u2013\u2019\u0627\u00a0\t\0"])
def test_these_letters_and_signs_force_ucs2(char: str) -> None:
    assert encoding(f"Hola {char}") is Encoding.UCS2
    assert forcing_characters(f"Hola {char}") == (char,)


@pytest.mark.parametrize("text", ["¿Qué mañana?", "£5 Ñandu ü", "Ω Δ", "[a] {b} €5 ~ ^ | \\", ""])
def test_these_texts_stay_in_gsm(text: str) -> None:
    assert encoding(text) is Encoding.GSM
    assert forcing_characters(text) == ()


def test_what_forces_ucs2_is_named_once_and_in_order() -> None:
    assert forcing_characters("—¡ay! “sí” — “no”") == ("—", "“", "í", "”")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 459, 3),
        ("a" * 460, 4),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" + "a" * 158, 1),
        ("€" + "a" * 159, 2),
        # 153 is odd: of escape pairs only 76 fit a part.
        ("€" * 152, 2),
        ("€" * 153, 3),
        # An escape pair that would straddle moves on; the part before it is one short.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 151 + "€" + "a" * 153, 2),
        ("a" * 151 + "€" + "a" * 154, 3),
    ],
)
def test_gsm_texts_at_every_boundary(text: str, expected: int) -> None:
    assert encoding(text) is Encoding.GSM
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("á", 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("á" * 201, 3),
        ("á" * 202, 4),
        ("á" + "€" * 69, 1),  # in UCS-2 the euro is one unit
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        # 67 is odd: of surrogate pairs only 33 fit a part.
        ("😀" * 66, 2),
        ("😀" * 67, 3),
        ("á" * 66 + "😀" + "á" * 65, 2),
        ("á" * 66 + "😀" + "á" * 66, 3),
        ("á" * 65 + "😀" + "á" * 67, 2),
        ("á" * 65 + "😀" + "á" * 68, 3),
    ],
)
def test_ucs2_texts_at_every_boundary(text: str, expected: int) -> None:
    assert encoding(text) is Encoding.UCS2
    assert segments(text) == expected


@pytest.mark.parametrize("parts", range(2, 11))
def test_a_part_is_full_with_153_septets_or_67_units(parts: int) -> None:
    assert [segments("a" * (153 * parts + more)) for more in (0, 1)] == [parts, parts + 1]
    assert [segments("á" * (67 * parts + more)) for more in (0, 1)] == [parts, parts + 1]


@pytest.mark.parametrize("parts", range(1, 10))
def test_a_pair_at_the_edge_of_any_part_moves_to_the_next_one(parts: int) -> None:
    before = "a" * (153 * parts - 1) + "€"
    assert [segments(before + "a" * rest) for rest in (151, 152)] == [parts + 1, parts + 2]
    before = "á" * (67 * parts - 1) + "😀"
    assert [segments(before + "á" * rest) for rest in (65, 66)] == [parts + 1, parts + 2]


@given(gsm_texts)
@example("a" * 152 + "€" * 100)
def test_gsm_segments_are_what_packing_gives(text: str) -> None:
    assert segments(text) == in_septets(text)


@given(unicode_texts.map(lambda text: text + "á"))
def test_ucs2_segments_are_what_packing_gives(text: str) -> None:
    assert segments(text) == in_utf16(text)


@given(st.text(max_size=400), st.text(max_size=40))
def test_more_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert segments(text + more) >= segments(text)


@given(st.text(max_size=400))
def test_length_is_in_utf16_units(text: str) -> None:
    assert length(text) == len(text.encode("utf-16-be")) // 2


def test_a_body_of_the_greatest_length_is_eleven_segments_or_twenty_four() -> None:
    assert segments("a" * MAX_LENGTH) == 11
    assert segments("á" * MAX_LENGTH) == 24


def test_a_lone_surrogate_is_counted_and_breaks_nothing() -> None:
    assert (length("\ud83d"), segments("\ud83d" * 71)) == (1, 2)


def test_accents_are_made_one_character() -> None:
    assert normalise("man\u0303ana") == "mañana"
    assert encoding(normalise("man\u0303ana")) is Encoding.GSM
    assert normalise("\u2126\u212b") == "ΩÅ"  # the signs for ohm and angstrom are letters


def test_every_line_end_becomes_one_newline() -> None:
    assert normalise("a\r\nb\rc\nd\u2028e\u2029f\x85g\vh\r\n\r\ni") == "a\nb\nc\nd\ne\nf\ng\nh\n\ni"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
