"""SQL that SQLAlchemy has no word for: many ids, or many rows, as one parameter; ON CONFLICT."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any
from typing import cast as typed

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Dialect,
    FromClause,
    String,
    bindparam,
    cast,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.orm import DeclarativeBase, Session


def insert_with_conflicts(session: "Session", model: "type[DeclarativeBase]") -> "sqlite.Insert":
    """The INSERT of this session's database, which knows ON CONFLICT: the same words for both."""
    # The one dialect that is used: to load both would delay every command that steers an alert.
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    return typed("sqlite.Insert", dialect.insert(model))


class IdList(TypeDecorator[Sequence[int]]):
    """Many ids as one parameter: an array on PostgreSQL, JSON text on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class among(FunctionElement[bool]):  # noqa: N801 - reads as SQL
    """Whether a column is one of the ids in the parameter `name`.

    Unlike IN with a parameter for each id, the statement is the same for any number: it is built and compiled
    once, which matters where it runs for every few messages.
    """

    type = Boolean()
    inherit_cache = True
    name = "among"

    def __init__(self, column: ColumnElement[int], name: str) -> None:
        super().__init__(column, bindparam(name, type_=IdList()))


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} = ANY({ids}))"


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608 - compiled clauses, no values


def given_rows(dialect: str, name: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """Many rows as one parameter, `name`: a JSON array of objects with these columns, in its order.

    A statement that reads it is the same for any number of rows: compiled once, and one round trip.
    """
    rows = bindparam(name, type_=String())
    if dialect == "postgresql":
        typed = [column(each, kind) for each, kind in columns.items()]
        table = func.json_to_recordset(cast(rows, JSON)).table_valued(*typed)
        return table.render_derived(name=f"given_{name}", with_types=True)
    each = func.json_each(rows).table_valued(column("value", String()), name="each")
    picked = [
        type_coerce(func.json_extract(each.c.value, f"$.{key}"), kind).label(key)
        for key, kind in columns.items()
    ]
    return select(*picked).subquery(f"given_{name}")
