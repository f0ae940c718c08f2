"""The workbook that goes to a translator and comes back: one sheet a language, one row a segment."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatcher.content.locales import direction
from dispatcher.content.segments import is_link
from dispatcher.content.translated import FACTS
from dispatcher.content.translation import Row
from dispatcher.errors import TranslationRefused
from dispatcher.usecases.importing.workbook import check_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {"A": 24, "B": 70, "C": 70, "D": 44}  # characters
_READING_ORDER = {"ltr": 1, "rtl": 2}  # as OOXML numbers them


def write_sheets(path: Path, own: str, sheets: Mapping[str, Sequence[Row]]) -> None:
    """Write a workbook with a sheet for each language; `own` is the language that they are translated from.

    Every cell is text: what begins like a formula is never one (CWE-1236).
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for language, rows in sheets.items():
        sheet = workbook.create_sheet(language)
        _put(sheet, 1, ("where", f"words ({own})", f"translation ({language})", "note"))
        for line, row in enumerate(rows, start=2):
            _put(sheet, line, (row.place, row.source, row.translation, hint(row)))
        _lay_out(sheet, language)
    workbook.save(path)


def read_sheets(path: Path) -> dict[str, list[Row]]:
    """Language -> the rows that have come back. Raises ImportRefused for what is no workbook, or
    TranslationRefused with the row of a cell that holds a formula.
    """
    from openpyxl import load_workbook

    check_workbook(path)
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")  # about styles and drop-down lists, which aren't read
        workbook = load_workbook(file)
        return {sheet.title: list(_rows(sheet, path)) for sheet in workbook.worksheets}


def hint(row: Row) -> str:
    """What a translator should know of a segment."""
    hints = ["CHANGED since it was translated."] if row.changed else []
    if is_link(row.source):
        hints.append("A link: leave the translation empty, or give the page in your language.")
    if "{{" in row.source or "{%" in row.source:
        hints.append("Keep {{ ... }} and {% ... %} as they are.")
    if "<" in row.source:
        hints.append("Keep what stands in < >; move it with the words.")
    if row.part == "sms.txt":
        hints.append("A text message: as short as the source, or it costs more.")
    return " ".join(hints)


def _put(sheet: "Worksheet", line: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(line, column)
        cell.value = text
        if text:
            cell.data_type = "s"
            cell.quotePrefix = True  # text, also when somebody edits the cell


def _lay_out(sheet: "Worksheet", language: str) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.freeze_panes = "A2"
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
        order = _READING_ORDER[direction(language)] if column == "C" else 1
        for cell in sheet[column]:
            cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=order)
            cell.font = Font(bold=cell.row == 1, color="FF6B6B6B" if column in "AD" else None)


def _rows(sheet: "Worksheet", path: Path) -> Iterator[Row]:
    for line, cells in enumerate(sheet.iter_rows(min_row=2, max_col=3), start=2):
        if any(cell.data_type == "f" for cell in cells):
            problem = f"Row {line} of {sheet.title!r} holds a formula. Write the words themselves."
            raise TranslationRefused(file=path.name, problems=problem)
        place, source, translation = (_text(cell.value) for cell in cells)
        part, _, number = place.strip().rpartition(" ")
        if number in FACTS:
            yield Row(number, 1, source, translation, line=line)
        elif number.isdecimal():
            yield Row(part, int(number), source, translation, line=line)
        elif translation.strip():
            problem = f"Row {line} of {sheet.title!r} doesn't say where it belongs: keep the first column."
            raise TranslationRefused(file=path.name, problems=problem)


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").replace("_x000D_\n", "\n")
