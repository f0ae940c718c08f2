"""The translator's workbook: text alone, whatever it begins with, and rows that can be found again."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dispatcher.content.translation import Row
from dispatcher.errors import ImportRefused, TranslationRefused
from dispatcher.usecases.translation_sheet import hint, read_sheets, write_sheets

ROWS = [
    Row("title", 1, "=1+1", '=HYPERLINK("https://evil.example")'),
    Row("body.html", 1, "Hello {{ name }}, <b>act</b>", "Hola"),
    Row("sms.txt", 1, "+1 reason\nSTOP", "@SUM(1)\n-1"),
]


def bare(rows: list[Row]) -> list[tuple[str, int, str, str]]:
    return [(row.part, row.number, row.source, row.translation) for row in rows]


def test_rows_come_back_as_they_went_with_the_lines_of_the_sheet(tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", "en", {"es": ROWS, "ar": ROWS[1:]})
    found = read_sheets(tmp_path / "a.xlsx")
    assert {language: bare(rows) for language, rows in found.items()} == {
        "es": bare(ROWS),
        "ar": bare(ROWS[1:]),
    }
    assert [row.line for row in found["es"]] == [2, 3, 4]


def test_no_cell_is_a_formula_whatever_it_begins_with(tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", "en", {"es": ROWS})
    cells = [
        cell for row in load_workbook(tmp_path / "a.xlsx")["es"].iter_rows() for cell in row if cell.value
    ]
    assert len(cells) > 12
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_arabic_is_written_from_right_to_left(tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", "en", {"es": ROWS, "ar": ROWS})
    workbook = load_workbook(tmp_path / "a.xlsx")
    assert workbook["ar"]["C2"].alignment.readingOrder == 2
    assert workbook["es"]["C2"].alignment.readingOrder == 1
    assert workbook["ar"]["C1"].value == "translation (ar)"


def sheet_of(path: Path, *rows: tuple[str | int | None, ...]) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "es"
    for row in (("where", "words", "translation"), *rows):
        sheet.append(row)
    workbook.save(path)
    return path


def test_a_formula_that_comes_back_is_refused(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", ("sms.txt 1", "STOP", "=A1"))
    with pytest.raises(
        TranslationRefused, match=r"a.xlsx: nothing was written. Row 2 of 'es' holds a formula"
    ):
        read_sheets(path)


def test_a_translation_that_has_lost_its_place_is_refused(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", (None, None, None), ("my own notes", None, "Hola"))
    with pytest.raises(TranslationRefused, match="Row 3 of 'es' doesn't say where it belongs"):
        read_sheets(path)


def test_empty_rows_and_numbers_are_read(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", (None, None, None), ("campaign.toml title", "2024", 2024))
    assert bare(read_sheets(path)["es"]) == [("title", 1, "2024", "2024")]


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("where,words\n")
    with pytest.raises(ImportRefused, match="can't be read as a workbook"):
        read_sheets(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row("body.html", 1, "https://a.org"), "A link: leave the translation empty"),
        (Row("body.html", 1, "Hello {{ name }}"), "Keep {{ ... }} and {% ... %} as they are."),
        (Row("body.html", 1, "{% if x %}<b>a</b>{% endif %}"), "as they are. Keep what stands in < >"),
        (Row("sms.txt", 1, "STOP"), "A text message"),
    ],
)
def test_a_translator_is_told_what_to_keep(row: Row, words: str) -> None:
    assert words in hint(row)


def test_plain_words_need_no_hint() -> None:
    assert hint(Row("subject.txt", 1, "One message")) == ""


def test_what_has_changed_since_it_was_translated_is_marked() -> None:
    assert (
        hint(Row("subject.txt", 1, "One message", "Uno", changed=True)) == "CHANGED since it was translated."
    )
