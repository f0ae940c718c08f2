"""Many rows at once: found by one parameter; inserted by COPY on PostgreSQL, by one statement on SQLite."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import ARRAY, Column, ColumnElement, Enum, Table, bindparam, cast, func, insert, text
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NULLTYPE

from dispatcher.db import EncryptedText, SealedText, keyring
from dispatcher.models import Base


def one_of(
    session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether `column` is one of thousands of ids or address keys.

    IN would make a parameter of each: building and reading such a statement takes longer than answering it.
    """
    if session.get_bind().dialect.name != "postgresql":
        return column.in_(values)
    # As text: the driver looks long at each value. The cast is to the column's own type: PostgreSQL hashes an
    # array of no other, and would compare each row with each value.
    array = bindparam(None, _array_text(values), type_=NULLTYPE)
    return column == func.any(cast(array, ARRAY(column.type)))


def _array_text(values: Collection[Any]) -> str:
    words = [f'"\\\\x{value.hex()}"' if isinstance(value, bytes) else str(value) for value in values]
    return f"{{{','.join(words)}}}"


@contextmanager
def by_index(session: Session) -> Iterator[None]:
    """Have PostgreSQL answer each look-up by `one_of` from an index, planned for the values at hand.

    By itself it would read the whole table for some thousands of values, and after a few times keep a plan
    for any values, made while the tables were empty, that compares each row with each value. Only here:
    foreign keys are checked by plans that had better be kept.
    """
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = off"))
    yield
    session.execute(text("SET LOCAL plan_cache_mode TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT"))


def insert_rows(
    session: Session,
    model: type[Base],
    names: Sequence[str],
    rows: Collection[Sequence[Any]],
    shared: Mapping[str, Any],
) -> None:
    """Insert rows, each the values of the columns `names` in their order; `shared` are the same in all.

    Every column that the table can't do without must be among them: the models' defaults are not filled in,
    COPY knows none. Nothing is returned.
    """
    if not rows:
        return
    table = model.__table__
    assert isinstance(table, Table)
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, table, names, rows, shared)
    else:
        everything = [dict(zip(names, row, strict=True)) | dict(shared) for row in rows]
        session.connection().execute(insert(table), everything)


def _copy(
    session: Session,
    table: Table,
    names: Sequence[str],
    rows: Collection[Sequence[Any]],
    shared: Mapping[str, Any],
) -> None:
    """A third of the time of INSERT: that would be a statement, and an answer, for each row."""
    connection = session.connection()
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    same = tuple(_shared(table.c[name], value) for name, value in shared.items())  # put into words once
    stored = [
        _stored(table.c[name], values) for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    columns = ", ".join(f'"{name}"' for name in (*names, *shared))
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in zip(*stored, strict=True):
            copy.write_row(row + same)


def _shared(column: Column[Any], value: Any) -> str | bytes | None:
    """A value that is the same in all rows, as the driver takes it."""
    (stored,) = _stored(column, [value])
    return stored if stored is None or isinstance(stored, bytes) else str(stored)


def _stored(column: Column[Any], values: Sequence[Any]) -> Sequence[Any]:
    """One column's values as the driver takes them, all at once: SQLAlchemy deals with each by itself."""
    if isinstance(column.type, EncryptedText):
        return keyring().encrypt_all(values, column.type.column)
    if isinstance(column.type, SealedText):
        place, room = column.type.column, column.type.room
        return [None if value is None else keyring().seal(value, place, room) for value in values]
    if isinstance(column.type, Enum) and column.type.enum_class:
        return list(map({member: member.value for member in column.type.enum_class}.get, values))
    return values
