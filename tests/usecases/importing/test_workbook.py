"""XLSX workbooks."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dispatcher.errors import ImportRefused
from dispatcher.usecases.importing.files import open_people_file


def workbook(folder: Path, *sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has one
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    path = folder / "people.xlsx"
    book.save(path)
    return path


def rows_of(path: Path) -> list[list[str]]:
    return [row.cells for row in open_people_file(path).rows()]


def test_cells_come_as_their_owner_would_have_typed_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [
            ["Email", "Cell", "Zip", "Since", "Member", "Share", "Note"],
            ["maria@example.org", 3125550123, 2139.0, dt.date(2026, 5, 12), True, 0.5, None],
        ],
    )
    assert rows_of(path) == [
        ["maria@example.org", "3125550123", "2139", "2026-05-12T00:00:00", "True", "0.5"],
    ]


def test_gaps_stay_gaps_and_an_empty_end_says_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["email", None, "zip"], ["maria@example.org", None, None]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C2"].number_format = "@"  # formatted, and empty
    book.save(path)
    opened = open_people_file(path)
    assert opened.header == ("email", "", "zip")
    assert rows_of(path) == [["maria@example.org"]]


def test_a_number_that_excel_wrote_in_powers_of_ten_is_read_whole(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["phone"], [13125550123]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content.replace(b"<v>13125550123</v>", b"<v>1.3125550123E10</v>"))
    assert rows_of(path) == [["13125550123"]]


def test_a_title_empty_rows_and_empty_sheets_are_passed_over(tmp_path: Path) -> None:
    people: list[list[Any]] = [
        ["Sign-ups"],
        [],
        ["email", "name"],
        [],
        ["maria@example.org", "Maria", None, None],
    ]
    opened = open_people_file(workbook(tmp_path, [], people, [["email"], ["other@example.org"]]))
    assert opened.total is None
    assert [(row.line, row.cells) for row in opened.rows()] == [(5, ["maria@example.org", "Maria"])]


def test_a_workbook_that_was_cut_off_or_damaged_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["email"], ["maria@example.org"]])
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    with pytest.raises(ImportRefused, match="can't be read as a workbook"):
        open_people_file(path)
    path.write_bytes(whole[:200] + bytes(byte ^ 0xFF for byte in whole[200:260]) + whole[260:])
    with pytest.raises(ImportRefused, match="can't be read as a workbook"):
        open_people_file(path)


def test_a_single_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "maria@example.org")
    path.write_bytes(path.read_bytes().replace(b"maria@", b"marta@"))
    with pytest.raises(ImportRefused, match="can't be read as a workbook"):
        open_people_file(path)


def test_another_kind_of_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ImportRefused, match="can't be read as a workbook"):
        open_people_file(path)


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/huge.xml", "w") as member,
    ):
        for _ in range(1025):
            member.write(bytes(1024 * 1024))
    with pytest.raises(ImportRefused, match="too big"):
        open_people_file(path)


def test_a_workbook_without_any_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no column is called email or phone"):
        open_people_file(workbook(tmp_path, []))
