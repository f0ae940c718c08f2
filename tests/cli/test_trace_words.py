"""What other tables have of a person, in words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Date, Integer

from dispatcher.cli.trace_words import SILENT, WORDS, trace_lines
from dispatcher.db import UtcDateTime
from dispatcher.models import Base
from dispatcher.usecases import traces

AT = datetime(2026, 11, 5, 20, 15, 7, 325_000, tzinfo=UTC)
NEVER_SAID = ("None", "True", "False", "facts", "attempt", "forced", "325", "+00:00")


def tables_about_a_person() -> set[str]:
    return {table.name for table, _ in traces._about(1, [b"k" * 16])}


def row_of(name: str, *, full: bool) -> dict[str, Any]:
    """Every column, or no more than must be there."""
    made: dict[type, Any] = {UtcDateTime: AT, Date: AT.date(), Integer: 7, BigInteger: 7, Boolean: True}
    return {
        column.name: next((value for kind, value in made.items() if isinstance(column.type, kind)), "some")
        if full or not column.nullable
        else None
        for column in Base.metadata.tables[name].columns
    }


def test_every_table_about_a_person_has_words_or_says_nothing_to_staff() -> None:
    assert tables_about_a_person() - SILENT - {"held_forgettings"} == set(WORDS)


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_row_is_told_as_a_line_and_not_as_columns(name: str, full: bool) -> None:
    ((at, words),) = trace_lines({name: [row_of(name, full=full)]}, {7: "daca"})
    assert at == AT or not full
    assert not [one for one in NEVER_SAID if one in words], words


def test_lines_are_by_time_and_what_nobody_thought_of_is_told_column_by_column() -> None:
    thanks = {"kind": "thanks", "channel": "email", "state": "queued", "error": None, "created_at": AT}
    new = {"id": 1, "day": AT.date(), "at": AT, "gone": None}
    more: dict[str, list[dict[str, Any]]] = {
        "new_table": [new],
        "notices": [thanks],
        "mails_taken": [{"taken_at": AT}],
    }
    (first, words), (none, facts) = trace_lines(more, {})
    assert (first, words, none) == (AT, "the thank-you for acting, by email: queued", None)
    assert facts.startswith("new table: id 1, day 2026-11-05, at 2026-11-")
    assert "325" not in facts
