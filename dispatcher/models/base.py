"""What every table shares."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Enum, Index, Integer, LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase

from dispatcher.db import UtcDateTime

# SQLite numbers rows by itself only in an INTEGER column; elsewhere ids are 64 bits wide.
BigId = BigInteger().with_variant(Integer, "sqlite")
AddressKey = LargeBinary(16)


def stored_enum(kind: type[StrEnum]) -> Enum:
    """An enum as its value in a short text column: a new member needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=16,
        values_callable=lambda e: [m.value for m in e],
    )


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that meet `where` alone: the migrations make it so, for both databases.

    The condition is kept as a note. Said as an option of each database it would load both of SQLAlchemy's
    dialects at the start of every command.
    """
    return Index(name, *columns, info={"where": where})


class Base(DeclarativeBase):
    """Mapped classes are the nouns."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}
