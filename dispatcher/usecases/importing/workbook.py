"""XLSX workbooks as rows of text, read as a stream: the first sheet that has any rows."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatcher.errors import ImportRefused
from dispatcher.usecases.importing.files import Row

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_LARGEST = 1024**3  # bytes unpacked: a bigger one is a trap, or better saved as CSV


def read_workbook(path: Path) -> Iterator[Row]:
    """The rows of the first sheet that has any, numbered as the spreadsheet numbers them."""
    with _opened(path) as workbook:
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be lost
            empty = True
            for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
                cells = [_text(value) for value in values]
                empty = empty and not any(cells)
                yield Row(line, _without_empty_end(cells))
            if not empty:
                return


def check_workbook(path: Path) -> None:
    """Check that the file is whole, without unpacking it into memory. Raises ImportRefused."""
    with _or_refused(path), zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        broken = archive.testzip() if unpacked <= _LARGEST else None
    if unpacked > _LARGEST:
        raise ImportRefused(file=path.name, problem="the workbook is too big. Save it as `CSV UTF-8`.")
    if broken is not None:
        raise _unreadable(path)


@contextmanager
def _opened(path: Path) -> Iterator["Workbook"]:
    from openpyxl import load_workbook

    with warnings.catch_warnings(), _or_refused(path), path.open("rb") as file:
        warnings.simplefilter("ignore")  # about styles and drop-down lists, which aren't read
        workbook = load_workbook(file, read_only=True, data_only=True)
        yield workbook
        workbook.close()


@contextmanager
def _or_refused(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> ImportRefused:
    return ImportRefused(
        file=path.name, problem="can't be read as a workbook. Save it as `CSV UTF-8` instead."
    )


def _without_empty_end(cells: list[str]) -> list[str]:
    """Sheets are as wide as their widest row: empty cells at the end say nothing."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: Any) -> str:
    """A cell's value as its owner would have typed it: phone numbers and postal codes without `.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
