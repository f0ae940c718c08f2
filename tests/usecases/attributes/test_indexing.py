"""What segments know of attributes: filled as people come, filled anew, and unreadable to a thief."""

from pathlib import Path
from typing import Any

import pytest
from importing_desk import Desk
from people import add_list
from sqlalchemy import func, select

from dispatcher.house import House
from dispatcher.models import AttributeValue, Subscriber
from dispatcher.usecases.attributes.indexing import count_indexed, index_everybody
from dispatcher.usecases.attributes.schema import load_schema
from dispatcher.usecases.segments import wanted

UNION = '[union_member]\ntype = "yes_no"\nlabel = "Union?"\n'


@pytest.fixture
def desk(any_house: House, tmp_path: Path) -> Desk:
    add_list(any_house)
    return Desk(any_house, tmp_path)


def write_schema(folder: Path, text: str) -> None:
    (folder / "attributes.toml").write_text(text)


def counted(house: House, text: str) -> Any:
    with house.db.reading() as session:
        return session.scalar(select(func.count(Subscriber.id)).where(wanted(session, text)))


def test_imports_tell_segments_what_they_kept_and_what_has_changed(desk: Desk, tmp_path: Path) -> None:
    write_schema(tmp_path, UNION)
    keep = ("Union?",)
    desk.bring("email,Union?\na@example.org,yes\nb@example.org,no\nc@example.org,", keep=keep)
    assert counted(desk.house, "union_member") == 1
    desk.bring("email,Union?\nb@example.org,sí\nc@example.org,y\na@example.org,perhaps", keep=keep)
    assert counted(desk.house, "union_member") == 2


def test_a_changed_schema_is_told_to_segments_by_indexing_everybody(desk: Desk, tmp_path: Path) -> None:
    desk.bring(
        "email,Union?,age,x\na@x.org,yes,40,1\nb@x.org,no,old,1\nc@x.org,,7,1", keep=("Union?", "age", "x")
    )
    assert counted(desk.house, "everyone") == 3
    write_schema(tmp_path, UNION + '[age]\ntype = "number"\n')
    schema = load_schema()
    with desk.house.db.reading() as session:
        assert count_indexed(session, schema) == {"union_member": 0, "age": 0}
    found = index_everybody(desk.house, schema, at_once=2)
    assert (found.people, found.found, found.unreadable) == (
        3,
        {"union_member": 2, "age": 2},
        {"union_member": 0, "age": 1},
    )
    assert counted(desk.house, "age >= 7 and union_member") == 1
    with desk.house.db.reading() as session:
        assert count_indexed(session, schema) == {"union_member": 2, "age": 2}
    write_schema(tmp_path, UNION)
    index_everybody(desk.house, load_schema())
    with desk.house.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(AttributeValue)) == 2


def test_one_attribute_under_its_name_and_its_label_counts_once(desk: Desk, tmp_path: Path) -> None:
    write_schema(tmp_path, UNION)
    desk.bring("email,Union?,union_member\na@x.org,yes,no", keep=("Union?", "union_member"))
    assert (counted(desk.house, "union_member"), counted(desk.house, "union_member = no")) == (1, 0)


def test_neither_names_nor_words_stand_in_the_database(house: House, tmp_path: Path) -> None:
    add_list(house)
    write_schema(tmp_path, '[immigration_status]\ntype = "choice"\nchoices = ["undocumented"]\n')
    desk = Desk(house, tmp_path)
    desk.bring("email,immigration_status\na@x.org,undocumented", keep=("immigration_status",))
    assert counted(house, "immigration_status = undocumented") == 1
    with house.db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        dump = "\n".join(raw.iterdump()).lower()
    for word in ("immigration", "undocumented"):
        assert word not in dump
        assert word.encode().hex() not in dump
