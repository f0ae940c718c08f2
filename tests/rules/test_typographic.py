"""Signs that word processors put in are spelled plainly, letters never, and only where it saves a segment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.sms import Encoding, encoding, segments
from dispatcher.rules.typographic import GSM_SPELLING, smart, spelled_plainly


def test_every_sign_of_the_table_costs_and_its_spelling_does_not() -> None:
    assert {encoding(sign) for sign in GSM_SPELLING} == {Encoding.UCS2}
    assert {encoding(spelling) for spelling in GSM_SPELLING.values()} == {Encoding.GSM}


def test_the_table_has_no_letter_of_a_word() -> None:
    letters = {sign for sign in GSM_SPELLING if sign.isalpha()}
    assert letters == {"\u02bc", "\u02bb"}  # the letter apostrophe and the okina, which are typed as '


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("\u201cCall today\u201d \u2013 it\u2019s now\u2026", '"Call today" - it\'s now...'),
        ("10\u00a0am\u2009to\u202fnoon", "10 am to noon"),
        ("\u2022 one\n\u2022 two", "* one\n* two"),
        ("immi\u00adgrant\u200b", "immigrant"),
        ("\u00abNo\u00bb", '"No"'),
        ("¡Mañana, José!", "¡Mañana, José!"),
        ("Llámenos: así", "Llámenos: así"),
    ],
)
def test_signs_are_spelled_and_letters_stay(written: str, spelled: str) -> None:
    assert spelled_plainly(written) == spelled


def test_a_text_is_respelled_where_that_takes_fewer_segments() -> None:
    dear = "It\u2019s " + "a" * 80
    assert smart(dear) == "It's " + "a" * 80
    assert (segments(dear), segments(smart(dear))) == (2, 1)


@pytest.mark.parametrize(
    "written",
    [
        "It\u2019s short",  # one segment either way
        "It\u2019s " + "ś" * 80,  # a letter keeps it in UCS-2
        "\u2026" * 70,  # spelled out it is longer
        "plain",
    ],
)
def test_a_text_that_would_gain_nothing_stays_as_it_was_written(written: str) -> None:
    assert smart(written) == written


@given(st.text(st.sampled_from("a \u2019\u201c\u2026\u2014\u00a0áñ€😀"), max_size=400))
def test_it_never_makes_a_text_dearer(text: str) -> None:
    assert segments(smart(text)) <= segments(text)
