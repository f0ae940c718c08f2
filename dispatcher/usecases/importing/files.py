"""A file of people as rows of text: CSV in the shapes that programs save it in, or an XLSX workbook.

The whole file is looked over before the first row is imported: a file that can't be read to its end changes
nothing.
"""

import csv
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, islice
from pathlib import Path
from typing import NamedTuple

from dispatcher.errors import ImportRefused
from dispatcher.usecases.importing.columns import is_header, recognised

_HEADER_WITHIN = 10  # rows: above the names of the columns some files have a title
_SAMPLE = 64 * 1024  # bytes
_DELIMITERS = ",;\t"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xef\xbb\xbf": "utf-8-sig"}
_BOMS |= {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

_SAVE_AS_UTF8 = (
    "Save it as UTF-8 and try again: in Excel with File, Save As, `CSV UTF-8 (Comma delimited)`; in "
    "LibreOffice with Save As, `Edit filter settings`, `Unicode (UTF-8)`; in Google Sheets: Download."
)


NamesColumns = Callable[[Sequence[str]], bool]  # whether a row is the one that names the columns


class Row(NamedTuple):
    """One row and the line of the file that it begins on."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A file that was looked over: its columns' names, its rows, and their number where that is known."""

    path: Path
    header: tuple[str, ...]
    total: int | None
    _rows: Callable[[], Iterator[Row]]
    _names_columns: NamesColumns = is_header

    def rows(self) -> Generator[Row, None, None]:
        """The rows below the header, blank ones left out; may be asked for again."""
        rows = dropwhile(lambda row: not self._names_columns(row.cells), self._rows())
        next(rows)
        yield from (row for row in rows if any(map(str.strip, row.cells)))


def open_people_file(path: Path, names_columns: NamesColumns = is_header) -> PeopleFile:
    """Look a file over from its first to its last byte. Raises ImportRefused, saying how to mend it."""
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
    except OSError as error:
        raise _refused(path, f"can't be read ({error.strerror}).") from None
    if start.startswith(_OLE):
        problem = (
            "is an old .xls or a workbook with a password. Save it as .xlsx without one, or as `CSV UTF-8`."
        )
        raise _refused(path, problem)
    if start.startswith(_ZIP):
        from dispatcher.usecases.importing.workbook import check_workbook, read_workbook

        check_workbook(path)
        return _with_header(path, lambda: read_workbook(path), None, names_columns)
    encoding = _encoding(start)
    top = start.decode(encoding, errors="replace").strip().splitlines()[: _HEADER_WITHIN + 1]
    if not top:
        raise _refused(path, "the file is empty.")
    delimiter = _delimiter(top)
    rows = _looked_over(path, encoding, delimiter)
    return _with_header(path, lambda: _csv_rows(path, encoding, delimiter), rows, names_columns)


def read_words(path: Path) -> str:
    """A file of words, such as a disclosure. Raises ImportRefused when it can't be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise _refused(path, f"can't be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise _refused(path, "isn't plain text in UTF-8.") from None


def _with_header(
    path: Path, rows: Callable[[], Iterator[Row]], total: int | None, names_columns: NamesColumns
) -> PeopleFile:
    first = list(islice((row for row in rows() if any(row.cells)), _HEADER_WITHIN))
    for place, row in enumerate(first):
        if names_columns(row.cells):
            below = None if total is None else total - place - 1
            return PeopleFile(path, tuple(row.cells), below, rows, names_columns)
    problem = "no column is called email or phone. The first line must name the columns: `email,phone`."
    if first and any("@" in cell for cell in first[0].cells):
        problem = (
            "the first line holds a person already. Put a line above it that names the columns, such as "
        )
        problem += f"`{_likely_header(first[0].cells)}`."
    raise _refused(path, problem)


def _likely_header(cells: list[str]) -> str:
    return ",".join("email" if "@" in cell else f"column{place}" for place, cell in enumerate(cells, 1))


def _encoding(start: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if start.startswith(bom):
            return encoding
    # Without a mark UTF-16 shows itself by the zeros beside the letters of ASCII.
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) // 4:
        return "utf-16-be"
    return "utf-8"


def _delimiter(lines: list[str]) -> str:
    """The one that tells most of our columns apart near the top of the file, or most cells."""
    if lines[0].casefold().startswith("sep=") and lines[0][4:5] in set(_DELIMITERS):
        return lines[0][4:5]  # Excel's own remark

    def fit(delimiter: str) -> tuple[int, int]:
        rows = list(csv.reader(lines, delimiter=delimiter))
        return max(len(recognised(row)) for row in rows), max(map(len, rows))

    return max(_DELIMITERS, key=fit)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        # Strict: a quotation mark that never closes would swallow the people below it without a word.
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        for cells in reader:
            yield Row(line, cells)
            line = reader.line_num + 1


def _looked_over(path: Path, encoding: str, delimiter: str) -> int:
    """Read the file to its end; the number of its rows that aren't blank."""
    last = 0
    rows = 0
    try:
        for row in _csv_rows(path, encoding, delimiter):
            last = row.line
            rows += any(row.cells)
    except UnicodeError:
        where = _first_undecodable(path, encoding)
        raise _refused(path, f"{where} isn't {encoding[:6].upper()}. {_SAVE_AS_UTF8}") from None
    except csv.Error as error:
        problem = (
            f"the row after line {last} can't be read ({error}): look for a quotation mark that isn't closed."
        )
        raise _refused(path, problem) from None
    return rows


def _first_undecodable(path: Path, encoding: str) -> str:
    if not encoding.startswith("utf-8"):
        return "the file"
    with path.open("rb") as file:
        return f"line {next(number for number, line in enumerate(file, 1) if not _is_utf8(line))}"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refused(path: Path, problem: str) -> ImportRefused:
    return ImportRefused(file=path.name, problem=problem)
