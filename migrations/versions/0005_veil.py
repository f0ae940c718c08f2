"""The names of lists and campaigns, and what tells what they are about, are sealed

Revision ID: 0005
Revises: 0004
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from dispatcher.db import keyring

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_ONCE = 200  # rows, or values

# Table, column, what it was, and the room that its values take (dispatcher.db.SealedText).
_SMALL: Sequence[tuple[str, str, sa.types.TypeEngine[Any], int]] = (
    ("alarms", "words", sa.String(500), 64),
    ("alerts", "name", sa.String(100), 128),
    ("alerts", "state_reason", sa.String(500), 64),
    ("alerts", "audience", sa.Text(), 512),
    ("campaigns", "slug", sa.String(64), 128),
    ("campaigns", "title", sa.String(300), 512),
    ("disclosures", "sha256", sa.String(64), 65),
    ("disclosures", "words", sa.Text(), 1024),
    ("editions", "sha256", sa.String(64), 65),
    ("editions", "content", sa.Text(), 16384),
    ("import_batches", "file_name", sa.String(200), 256),
    ("import_batches", "source", sa.String(200), 256),
    ("import_batches", "counts", sa.Text(), 256),
    ("lists", "slug", sa.String(64), 128),
    ("lists", "public_name", sa.String(200), 256),
    ("short_links", "url", sa.Text(), 256),
    ("sign_offs", "slug", sa.String(64), 128),
    ("sign_offs", "words_sha256", sa.String(64), 65),
)
# A row a person, and few different values.
_LARGE: Sequence[tuple[str, str, sa.types.TypeEngine[Any], int]] = (
    ("consent_events", "source", sa.String(200), 32),
    ("suppressions", "source", sa.String(200), 32),
)
_AUTOINCREMENT = {
    "alarms",
    "alerts",
    "consent_events",
    "import_batches",
    "lists",
    "short_links",
    "sign_offs",
}  # their numbers are never given again
_MARK = "sealed:"  # in the journal, before a sealed name

Convert = Callable[[bytes], bytes]
ConvertNames = Callable[[str, str], tuple[str, str]]  # a campaign's and an alert's


def upgrade() -> None:
    _retype(to_bytes=True)
    for table, column, _, room in _SMALL:
        _each_row(table, column, _sealing(table, column, room))
    for table, column, _, room in _LARGE:
        _each_value(table, column, _sealing(table, column, room))
    _each_laid_out(_seal_names)


def downgrade() -> None:
    for table, column, *_ in _SMALL:
        _each_row(table, column, _opening(table, column))
    for table, column, *_ in _LARGE:
        _each_value(table, column, _opening(table, column))
    _each_laid_out(_open_names)
    _retype(to_bytes=False)


def _sealing(table: str, column: str, room: int) -> Convert:
    return lambda plain: keyring().seal(plain.decode(), f"{table}.{column}", room)


def _opening(table: str, column: str) -> Convert:
    return lambda sealed: keyring().unseal(sealed, f"{table}.{column}").encode()


def _retype(*, to_bytes: bool) -> None:
    """Text as its bytes in UTF-8, or back. On SQLite a table is made anew for it."""
    columns = sorted([*_SMALL, *_LARGE], key=lambda one: one[:2])
    for table, of_table in groupby(columns, key=lambda one: one[0]):
        number = _last_number(table)
        with op.batch_alter_table(
            table, table_kwargs={"sqlite_autoincrement": table in _AUTOINCREMENT}
        ) as batch:
            for _, column, text, _ in of_table:
                before, after = (text, sa.LargeBinary()) if to_bytes else (sa.LargeBinary(), text)
                using = f"convert_{'to' if to_bytes else 'from'}({column}, 'UTF8')"
                batch.alter_column(column, existing_type=before, type_=after, postgresql_using=using)
        _keep_last_number(table, number)


def _last_number(table: str) -> int | None:
    """The highest number that a table ever gave out, where SQLite keeps it apart."""
    if op.get_bind().dialect.name != "sqlite" or table not in _AUTOINCREMENT:
        return None
    found = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    return op.get_bind().execute(found, {"table": table}).scalar()


def _keep_last_number(table: str, number: int | None) -> None:
    if number is not None:
        given = {"table": table, "number": number}
        for statement in (
            "DELETE FROM sqlite_sequence WHERE name = :table",
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)",
        ):
            op.get_bind().execute(sa.text(statement), given)


def _each_row(table: str, column: str, convert: Convert) -> None:
    rows = sa.table(table, sa.column("id", sa.BigInteger()), sa.column(column, sa.LargeBinary()))
    last = 0
    while True:
        page = _page(rows, column, last)
        if not page:
            return
        change = sa.update(rows).where(rows.c.id == sa.bindparam("which"))
        op.get_bind().execute(
            change.values({column: sa.bindparam("words")}),
            [{"which": number, "words": convert(bytes(words))} for number, words in page],
        )
        last = page[-1][0]


def _page(rows: sa.TableClause, column: str, last: int) -> Sequence[Any]:
    page = sa.select(rows.c.id, rows.c[column]).where(rows.c.id > last).order_by(rows.c.id).limit(_AT_ONCE)
    return op.get_bind().execute(page).all()


def _each_value(table: str, column: str, convert: Convert) -> None:
    """One pass over the table for many different values, not one for each of a million people."""
    place = sa.column(column, sa.LargeBinary())
    rows = sa.table(table, place)
    values = [bytes(value) for value in op.get_bind().scalars(sa.select(place).distinct().select_from(rows))]
    for first in range(0, len(values), _AT_ONCE):
        some = {value: convert(value) for value in values[first : first + _AT_ONCE]}
        changed = sa.case(some, value=place)
        op.get_bind().execute(sa.update(rows).where(place.in_(list(some))).values({column: changed}))


def _each_laid_out(convert: ConvertNames) -> None:
    """The campaign and the name of every alert that the journal says was laid out."""
    rows = sa.table("journal_entries", sa.column("mark", sa.LargeBinary()), sa.column("words", sa.Text()))
    found = sa.select(rows.c.mark, rows.c.words).where(rows.c.words.contains('["laid_out",'))
    for mark, words in op.get_bind().execute(found).all():
        facts = list(_converted(json.loads(words), convert))
        change = sa.update(rows).where(rows.c.mark == mark)
        op.get_bind().execute(change.values(words=json.dumps(facts, separators=(",", ":"))))


def _converted(facts: list[list[Any]], convert: ConvertNames) -> Iterator[list[Any]]:
    for kind, *fields in facts:
        if kind == "laid_out":
            _, _, campaign, name, *_ = fields
            fields[2:4] = convert(campaign, name)
        yield [kind, *fields]


def _seal_names(campaign: str, name: str) -> tuple[str, str]:
    return _seal_name(campaign, "journal.campaign"), _seal_name(name, "journal.name")


def _open_names(campaign: str, name: str) -> tuple[str, str]:
    return _open_name(campaign, "journal.campaign"), _open_name(name, "journal.name")


def _seal_name(name: str, place: str) -> str:
    return _MARK + base64.b64encode(keyring().seal(name, place, 128)).decode()


def _open_name(sealed: str, place: str) -> str:
    return keyring().unseal(base64.b64decode(sealed.removeprefix(_MARK)), place)
