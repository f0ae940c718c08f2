"""The names of a segment: fields, questions and saved segments, each mistake with a word that helps."""

from pathlib import Path

import pytest

from dispatcher.errors import WrongSegment
from dispatcher.usecases.segments import parse
from dispatcher.usecases.segments.meaning import MOST_VALUES

ATTRIBUTES = """
[union_member]
type = "yes_no"
label = "Union member?"
[age]
type = "number"
[birthday]
type = "date"
[city]
type = "text"
[shift]
type = "choice"
choices = ["Day", "Night"]
"""


@pytest.fixture(autouse=True)
def schema(tmp_path: Path) -> None:
    (tmp_path / "attributes.toml").write_text(ATTRIBUTES)


def save(folder: Path, **segments: str) -> None:
    lines = [f"{name} = '{text}'\n" for name, text in segments.items()]
    (folder / "segments.toml").write_text("".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "language = es and postal_code in 606*, 60608 and not acted(daca, since 2026-11-01)",
        "Language != ES or TIME_ZONE = America/*",
        "joined before 2026-01-01 and joined >= 11/1/2025",
        "age >= 18 and age in 20, 30 and birthday after 1990-01-01",
        "union_member and city = 'Park Ridge' and shift != day",
        "on(daca) or on(daca, sms) or left(daca, phone) or got(daca) or clicked(daca) or has(PHONE)",
        "everyone and not nobody",
    ],
)
def test_every_kind_of_field_and_question_is_understood(text: str) -> None:
    assert parse(text).text == text


def test_a_segment_keeps_the_types_of_the_attributes_it_names() -> None:
    assert parse("age > 18 and union_member").types == {"age": "number", "union_member": "yes_no"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("langauge = es", "there is no field 'langauge'. Did you mean language?"),
        ("qqq = es", "There are: language, postal_code, time_zone, joined, union_member"),
        ("email = x", "email is encrypted"),
        ("acted = daca", r"acted asks something: write acted\(daca\)"),
        ("language < es", "language has no more and no less"),
        ("language = ''", "an empty value means nobody"),
        ("postal_code = 6*8", "an asterisk stands at the end alone"),
        ("postal_code = '606*'", "an asterisk stands at the end alone"),
        ("city = chi*", "city takes whole values"),
        ("age = old", "age needs a number here"),
        ("birthday = soon", "birthday needs a day here"),
        ("union_member = maybe", "union_member needs yes or no here"),
        ("city = ' '", "city needs a value here"),
        ("shift = dya", "shift is never that. Did you mean Day?"),
        ("joined after soon", "expected a day, such as 2026-11-01"),
        ("joined = 2026*", "expected a day"),
        ("joined after 2026-02-30", "expected a day"),
        ("shift", "what of shift[?] Write, say, shift = Day"),
        ("city", "Write, say, city = Chicago"),
        ("language", "Write, say, language = es"),
        ("asked(daca)", r"there is nothing to ask as asked\(...\). Did you mean acted"),
        ("acted()", r"acted of what\? Write acted\(daca\)"),
        ("acted(da*)", "an asterisk can't stand here"),
        ("has(letter)", "'letter' is no way to reach people"),
        ("has(email, phone)", "has takes one channel"),
        ("acted(daca, rents)", "acted takes one campaign. Join several with `or`"),
        ("on(daca, pigeon)", "'pigeon' is no way"),
        ("on(daca, sms, email)", "on takes one list and a channel"),
        ("on(daca, since 2026-01-01)", "on can't be asked since a day"),
        ("acted(daca, since soon)", "expected a day"),
        ("unionmember", "no yes-or-no attribute 'unionmember'. Did you mean union_member"),
        (f"age in {', '.join(map(str, range(MOST_VALUES + 1)))}", "more than 500 values"),
    ],
)
def test_a_name_or_value_that_means_nothing_is_answered_in_words(text: str, said: str) -> None:
    with pytest.raises(WrongSegment, match=said):
        parse(text)


def test_without_a_schema_staff_are_told_where_attributes_are_named(tmp_path: Path) -> None:
    (tmp_path / "attributes.toml").unlink()
    with pytest.raises(WrongSegment, match=r"Attributes are named in attributes\.toml"):
        parse("union = yes")


def test_saved_segments_are_written_out_where_they_are_named(tmp_path: Path) -> None:
    save(tmp_path, spanish="language = es", **{"chicago-es": "spanish and postal_code = 606*"})
    assert parse("spanish").text == "language = es"
    found = parse("chicago-es and not acted(daca)")
    assert found.text == "((language = es) and postal_code = 606*) and not acted(daca)"


def test_saved_segments_in_a_ring_are_refused(tmp_path: Path) -> None:
    save(tmp_path, one="two or union_member", two="one")
    with pytest.raises(WrongSegment, match="in a ring"):
        parse("one")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("one = ", r"segments\.toml: "),
        ("one = 3", "write a name and an expression"),
        ("'no name' = 'language = es'", "write a name and an expression"),
    ],
)
def test_a_file_of_segments_that_cannot_be_read_is_named(tmp_path: Path, file: str, said: str) -> None:
    (tmp_path / "segments.toml").write_text(file)
    with pytest.raises(WrongSegment, match=said):
        parse("one")
