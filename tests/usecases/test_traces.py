"""Whatever is about one person is found by what columns are, and gone once they are forgotten."""

from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import pytest
from people import add_list, add_person
from sent_messages import sent_message
from sqlalchemy import Column, insert, select

from dispatcher.db import EncryptedText, SealedText
from dispatcher.house import House
from dispatcher.models import Base, ConsentEvent, SignOff
from dispatcher.models.base import AddressKey
from dispatcher.rules.alert import Channel
from dispatcher.usecases.forget import forget
from dispatcher.usecases.traces import OUTLIVES, read_traces

EMAIL, PHONE, NAME = "maria@example.org", "+13125550100", "María"
_MADE = {
    int: 1,
    str: "x",
    bool: False,
    bytes: b"k" * 16,
    float: 1.0,
    datetime: datetime.now(UTC),
    date: date(2026, 1, 2),
}
_NUMBERS_STAY = {"consent_events", "delivery_log"}  # a bare number there names nobody any more


def filled(house: House, person_id: int) -> set[str]:
    """A row about the person in every table that has room for one; returns the tables' names."""
    tables = Base.metadata.sorted_tables
    about = {table.name for table in tables if any(map(is_about, table.columns))} - OUTLIVES
    needed = {key.column.table.name for table in tables if table.name in about for key in table.foreign_keys}
    with house.db.transaction() as session:
        for table in tables:
            empty = session.execute(select(table).limit(1)).first() is None
            if table.name in about or (table.name in needed and empty):
                whose = EMAIL if table.name in about else "x"
                row = {column.name: value_for(house, column, person_id, whose) for column in table.columns}
                row = {name: value for name, value in row.items() if value is not None}
                session.execute(insert(table).values(row))
    return about


def is_about(column: Column[Any]) -> bool:
    return column.type is AddressKey or column.name in {"subscriber_id", "message_id"}


def value_for(house: House, column: Column[Any], person_id: int, whose: str) -> Any:
    """Something that the column takes, and that names the person where it can; None: left to its default."""
    if column.type is AddressKey:
        return house.keys.address_key(PHONE if "phone" in column.name else EMAIL)
    if column.name == "subscriber_id":
        return person_id
    if words := {EncryptedText: whose, SealedText: "x"}.get(type(column.type)):
        return words
    if column.default is not None or column.nullable:
        return None
    kind: Any = getattr(column.type, "impl_instance", column.type).python_type
    if issubclass(kind, Enum):
        members: type[Enum] = kind
        return next(iter(members))
    return _MADE[kind]


def everything(house: House) -> list[tuple[str, str, object]]:
    """Every value of every table, decrypted."""
    with house.db.reading() as session:
        return [
            (table.name, name, value)
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table)).mappings()
            for name, value in row.items()
        ]


@pytest.fixture
def maria(house: House) -> int:
    add_list(house)
    person_id = add_person(house, email=EMAIL, phone=PHONE, first_name=NAME)
    sent_message(house, person_id)
    with house.db.transaction() as session:
        asked = {
            "slug": "daca",
            "language": "pl",
            "channel": Channel.SMS,
            "words_sha256": "x",
            "reader": "M.",
        }
        session.add(SignOff(**asked, address_key=house.keys.address_key(PHONE)))
        session.execute(ConsentEvent.__table__.update().values(ip_address="192.0.2.7"))  # type: ignore[attr-defined]
    return person_id


def test_no_table_names_a_person_who_was_forgotten(house: House, maria: int) -> None:
    tables = filled(house, maria)
    assert {"stop_told", "last_heard", "held_forgettings"} <= tables
    with house.db.transaction() as session:
        forget(session, house.keys, str(maria))
    own = {house.keys.address_key(EMAIL), house.keys.address_key(PHONE)}
    for table, column, value in everything(house):
        place = f"{table}.{column}"
        words = str(value)
        assert not any(name in words for name in (EMAIL, PHONE, NAME, "192.0.2.7")), place
        assert value not in own or table in OUTLIVES, place
        assert column != "subscriber_id" or value is None or table in _NUMBERS_STAY, place
    left = [value for table, column, value in everything(house) if (table, column) == ("sign_offs", "reader")]
    assert left == ["a reader"]


def test_everything_about_a_person_can_be_read(house: House, maria: int) -> None:
    tables = filled(house, maria)
    with house.db.reading() as session:
        found = read_traces(session, maria, [house.keys.address_key(EMAIL), house.keys.address_key(PHONE)])
    assert set(found) == tables
    assert not any(
        isinstance(value, bytes) for rows in found.values() for row in rows for value in row.values()
    )
