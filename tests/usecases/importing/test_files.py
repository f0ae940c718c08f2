"""Files in the shapes that programs save them in, and files that can't be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher.errors import ImportRefused
from dispatcher.usecases.importing.files import open_people_file

WriteFile = Callable[[bytes | str], Path]
TEXT = 'Correo;Nombre\r\nmaria@example.org;"García; Íñiga"\r\njose@example.org;José\r\n'
ROWS = [["maria@example.org", "García; Íñiga"], ["jose@example.org", "José"]]


def rows_of(path: Path) -> list[list[str]]:
    return [row.cells for row in open_people_file(path).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read_with_and_without_its_mark(
    people_file: WriteFile, encoding: str
) -> None:
    path = people_file(TEXT.encode(encoding))
    assert open_people_file(path).header == ("Correo", "Nombre")
    assert rows_of(path) == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_delimiter_and_line_end_is_read(people_file: WriteFile, delimiter: str, end: str) -> None:
    rows = [
        ["email", "first_name", "zip"],
        ["maria@example.org", "Maria", "60608"],
        ["jose@example.org", "", ""],
    ]
    path = people_file(end.join(delimiter.join(row) for row in rows))
    assert rows_of(path) == rows[1:]


def test_a_comma_in_a_name_does_not_pass_for_the_delimiter(people_file: WriteFile) -> None:
    path = people_file("Name;Email\nGarcia, Maria, Mrs;maria@example.org\nPerez, Jose, Mr;jose@example.org\n")
    assert rows_of(path)[0] == ["Garcia, Maria, Mrs", "maria@example.org"]


def test_excels_own_remark_on_the_delimiter_is_heeded(people_file: WriteFile) -> None:
    path = people_file("sep=;\nemail;first_name\nmaria@example.org;Maria, Ana\n")
    assert rows_of(path) == [["maria@example.org", "Maria, Ana"]]


def test_a_title_above_the_columns_and_blank_lines_are_passed_over(people_file: WriteFile) -> None:
    path = people_file(
        "Sign-ups of 12 May\n\nemail,first_name\n\nmaria@example.org,Maria\n,\n\njose@example.org,\n"
    )
    opened = open_people_file(path)
    assert [row.cells[0] for row in opened.rows()] == ["maria@example.org", "jose@example.org"]
    assert [row.line for row in opened.rows()] == [5, 8]


def test_a_cell_with_a_line_break_keeps_later_line_numbers_right(people_file: WriteFile) -> None:
    path = people_file('email,note\nmaria@example.org,"one\ntwo"\njose@example.org,x\n')
    assert [(row.line, row.cells[1]) for row in open_people_file(path).rows()] == [(2, "one\ntwo"), (4, "x")]


def test_the_number_of_rows_is_known_before_the_first_is_read(people_file: WriteFile) -> None:
    assert open_people_file(people_file("A title\nemail\na@example.org\n\nb@example.org\n")).total == 2


def test_one_column_is_enough(people_file: WriteFile) -> None:
    assert rows_of(people_file("E-mail\nmaria@example.org")) == [["maria@example.org"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        ("email,name\nma,Jos\u00e9\nx,Mu\u00f1oz\n".encode("cp1252"), "line 2 isn't UTF-8. Save it as UTF-8"),
        ("email,name\nx,y\n".encode("utf-16-le")[:-1], "the file isn't UTF-16"),
        (b'email,name\na@example.org,"Maria\nb@example.org,Jose\n', "the row after line 1 can't be read"),
        (b'email,name\na@example.org,"Ma"ria\n', "a quotation mark that isn't closed"),
        (b'email,"na', "can't be read"),
        (b'email,"name"x\nmaria@example.org,Maria\n', "can't be read"),
        (b"email," + b"x" * 140_000 + b"\n", "can't be read"),
        (b"email,name\n" + b'maria@example.org,"' + b"x" * 140_000 + b'"\n', "can't be read"),
        (b"name,city\nMaria,Chicago\n", "no column is called email or phone"),
        (b"Maria,maria@example.org,Chicago\n", "holds a person already"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "an old .xls or a workbook with a password"),
        (b"PK\x03\x04 not a workbook", "can't be read as a workbook"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    people_file: WriteFile, content: bytes, words: str
) -> None:
    with pytest.raises(ImportRefused, match=words) as refused:
        open_people_file(people_file(content))
    assert str(refused.value).startswith("people.csv: ")


def test_a_column_header_is_suggested_when_the_first_line_holds_a_person(people_file: WriteFile) -> None:
    with pytest.raises(ImportRefused, match="`column1,email,column3`"):
        open_people_file(people_file("Maria,maria@example.org,Chicago\n"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"nobody\.csv: can't be read \(No such file"):
        open_people_file(tmp_path / "nobody.csv")


def test_a_broken_line_far_down_is_found_before_anything_is_imported(people_file: WriteFile) -> None:
    lines = b"".join(b"person%d@example.org,Maria\n" % n for n in range(5000))
    with pytest.raises(ImportRefused, match="line 5002 isn't UTF-8"):
        open_people_file(people_file(b"email,name\n" + lines + "x,Jos\u00e9\n".encode("cp1252")))


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_makes_it_stumble(people_file: WriteFile, content: bytes) -> None:
    path = people_file(content)
    try:
        assert all(isinstance(row.line, int) for row in open_people_file(path).rows())
    except ImportRefused as refused:
        assert refused.code == "import_refused"  # noqa: PT017 - either is right
