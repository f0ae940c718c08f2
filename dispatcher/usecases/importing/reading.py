"""A file's rows in batches, read and checked: one after another, or one ahead of whoever applies them."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from dispatcher.usecases.importing.cells import RowPerson, RowReader
from dispatcher.usecases.importing.files import Row
from dispatcher.usecases.importing.rejecting import RowRejected

Rejected = list[tuple[Row, RowRejected]]


@dataclass(frozen=True, slots=True)
class ReadRows:
    """One batch: the rows that say something of somebody, and those that can't be read."""

    people: list[tuple[Row, RowPerson]]
    unreadable: Rejected


class Reading:
    """Batches of at most `size` rows, which may be changed between two of them."""

    def __init__(self, reader: RowReader, rows: Iterator[Row], size: int) -> None:
        self.size = size
        self._reader = reader
        self._rows = rows

    def __iter__(self) -> Generator[ReadRows, None, None]:
        while rows := list(islice(self._rows, self.size)):
            yield self._read(rows)

    def _read(self, rows: list[Row]) -> ReadRows:
        batch = ReadRows([], [])
        for row in rows:
            try:
                batch.people.append((row, self._reader.read(row)))
            except RowRejected as rejected:
                batch.unreadable.append((row, rejected))
        return batch


def one_ahead(batches: Reading) -> Generator[ReadRows, None, None]:
    """The same batches, the next one read in a thread of its own while the database works on this one.

    For PostgreSQL, whose answers take longer than reading does. SQLite works in this process, and would hand
    the interpreter to the reading thread at each of its rows.
    """
    coming = iter(batches)
    with ThreadPoolExecutor(1, "reading") as thread:
        ahead = thread.submit(next, coming, None)
        while (batch := ahead.result()) is not None:
            ahead = thread.submit(next, coming, None)
            yield batch
