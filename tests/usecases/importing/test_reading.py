"""Rows in batches, one after another and one ahead."""

import threading
from collections.abc import Iterator

import pytest

from dispatcher.keyring import Keyring
from dispatcher.usecases.importing.cells import RowReader
from dispatcher.usecases.importing.columns import guess
from dispatcher.usecases.importing.files import Row
from dispatcher.usecases.importing.reading import Reading, ReadRows, one_ahead

READER = RowReader(guess("people.csv", ["email"]), Keyring("a data key for tests of 32 characters or more"))


def rows(number: int) -> Iterator[Row]:
    return (Row(line, [f"person{line}@example.org"]) for line in range(2, number + 2))


def sizes(batches: Iterator[ReadRows]) -> list[int]:
    return [len(batch.people) for batch in batches]


def lines(batches: Iterator[ReadRows]) -> list[int]:
    return [row.line for batch in batches for row, _ in batch.people]


def test_rows_are_read_in_batches_to_the_last() -> None:
    assert sizes(iter(Reading(READER, rows(7), size=3))) == [3, 3, 1]
    assert sizes(one_ahead(Reading(READER, rows(6), size=3))) == [3, 3]
    assert sizes(one_ahead(Reading(READER, rows(0), size=3))) == []


def test_batches_can_grow_smaller_on_the_way() -> None:
    reading = Reading(READER, rows(8), size=4)
    batches = iter(reading)
    assert len(next(batches).people) == 4
    reading.size = 2
    assert sizes(batches) == [2, 2]


def test_reading_ahead_keeps_the_order() -> None:
    assert lines(one_ahead(Reading(READER, rows(100), size=7))) == list(range(2, 102))


def test_a_row_that_cannot_be_read_is_kept_apart_with_why() -> None:
    broken = [Row(2, ["nobody"]), Row(3, ["maria@example.org"])]
    batch = next(iter(Reading(READER, iter(broken), size=5)))
    assert [(row.line, why.code) for row, why in batch.unreadable] == [(2, "no_at")]
    assert [row.line for row, _ in batch.people] == [3]


def test_only_one_batch_is_read_ahead_however_long_the_database_takes() -> None:
    taken: list[int] = []
    sixth = threading.Event()

    def watched() -> Iterator[Row]:
        for row in rows(9):
            taken.append(row.line)
            if len(taken) == 6:
                sixth.set()
            yield row

    batches = one_ahead(Reading(READER, watched(), size=3))
    next(batches)
    assert sixth.wait(10)
    batches.close()  # it is a generator; the thread has ended after it
    assert len(taken) == 6


def test_what_goes_wrong_while_reading_ahead_goes_wrong_for_whoever_applies_the_rows() -> None:
    def torn() -> Iterator[Row]:
        yield from rows(3)
        raise OSError("the disk is gone")

    batches = one_ahead(Reading(READER, torn(), size=3))
    assert len(next(batches).people) == 3
    with pytest.raises(OSError, match="the disk is gone"):
        next(batches)
