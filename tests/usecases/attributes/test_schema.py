"""attributes.toml: what may stand in it, and how people write the values."""

from pathlib import Path

import pytest

from dispatcher.errors import WrongAttributes
from dispatcher.usecases.attributes.schema import load_schema
from dispatcher.usecases.attributes.values import AttributeType, comparable

T = AttributeType


def test_without_a_file_there_are_no_attributes() -> None:
    assert load_schema() == {}


def test_a_column_is_an_attribute_by_its_name_or_its_label(tmp_path: Path) -> None:
    (tmp_path / "attributes.toml").write_text('[union_member]\ntype = "yes_no"\nlabel = "¿Sindicato?"\n')
    assert load_schema()["union_member"].spellings == {"unionmember", "sindicato"}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("[a", "can't be read"),
        ('[Union]\ntype = "text"', "small letters"),
        ('[language]\ntype = "text"', "means something else"),
        ("a = 1", "write `\\[a\\]`"),
        ("[a]\ntype = 3", "write `\\[a\\]`"),
        ('[a]\ntype = "text"\nlable = "x"', "lable isn't known here"),
        ('[a]\ntype = "words"', "the type is one of text, number"),
        ('[a]\ntype = "text"\nlabel = 3', "a label is text"),
        ('[a]\ntype = "choice"', "belong to the type choice"),
        ('[a]\ntype = "choice"\nchoices = [1]', "belong to the type choice"),
        ('[a]\ntype = "text"\nchoices = ["x"]', "belong to the type choice"),
        ('[a]\ntype = "text"\n[b]\ntype = "text"\nlabel = "A"', "would be a, too"),
    ],
)
def test_a_schema_that_says_nothing_clear_is_refused(tmp_path: Path, file: str, said: str) -> None:
    (tmp_path / "attributes.toml").write_text(file)
    with pytest.raises(WrongAttributes, match=said):
        load_schema()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (T.TEXT, "  Park   RIDGE ", "park ridge"),
        (T.CHOICE, "Día", "día"),
        (T.TEXT, " ", None),
        (T.YES_NO, "Sí", "yes"),
        (T.YES_NO, "n", "no"),
        (T.YES_NO, "maybe", None),
        (T.NUMBER, " $1,250.50", 1250.5),
        (T.NUMBER, "-3", -3.0),
        (T.NUMBER, "nan", None),
        (T.NUMBER, "1e9", None),
        (T.DATE, "0001-01-01", None),
        (T.DATE, "2026-11-01T00:00:00", 739921.0),
        (T.DATE, "11/1/2026", 739921.0),
        (T.DATE, "2026-13-01", None),
        (T.DATE, "soon", None),
    ],
)
def test_values_are_compared_as_people_mean_them(kind: T, text: str, value: object) -> None:
    assert comparable(kind, text) == value
