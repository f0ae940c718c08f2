"""Why a row was rejected, and the file of rejected rows that staff mend and import again."""

import csv
import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from dispatcher.rules.formulas import defused

COLUMNS = ("line", "problem", "what is wrong")  # before the row's own cells; an import drops them again


class RowFault(StrEnum):
    """What can be wrong with a row besides its addresses (see addresses.AddressFault)."""

    NO_ADDRESS = "no_address"
    CONFLICT = "conflict"
    DUPLICATE = "duplicate"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_LONG_TEXT = "too_long_text"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    POSTAL_CODE = "postal_code"
    UNCLEAR_CONSENT = "unclear_consent"

    @property
    def text(self) -> str:
        """One line for the person who must mend it."""
        return _TEXTS[self]


_TEXTS = {
    RowFault.NO_ADDRESS: "The row has neither an email address nor a phone number.",
    RowFault.CONFLICT: "The email address belongs to one person here and the phone number to another. If "
    "they share the phone, give each address a row of its own.",
    RowFault.DUPLICATE: "The same email address stands further up in this file with another phone number.",
    RowFault.TOO_MANY_CELLS: "The row has more cells than the first line has names; one of them may be in "
    "the wrong place.",
    RowFault.TOO_LONG_TEXT: "A cell has more than a thousand characters, or a name more than two hundred.",
    RowFault.UNKNOWN_LANGUAGE: "The language isn't one that we know; write its code, such as es.",
    RowFault.UNKNOWN_TIME_ZONE: "The time zone isn't one that we know; write it as America/Chicago.",
    RowFault.POSTAL_CODE: "The postal code has more than sixteen characters.",
    RowFault.UNCLEAR_CONSENT: "The consent to texts is neither a yes nor a no.",
}


class RowRejected(Exception):
    """A row can't be imported as it is. The words never hold what stands in the row."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words

    @classmethod
    def because(cls, fault: RowFault) -> Self:
        return cls(fault, fault.text)


class RejectsFile:
    """The rejected rows as CSV, readable by this user alone; there is no file until there is a row."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._header = header
        self._file: IO[str] | None = None

    @property
    def written(self) -> Path | None:
        """Where it is; None when nothing was rejected."""
        return self.path if self._file else None

    def add(self, line: int, rejected: RowRejected, cells: Sequence[str]) -> None:
        """Write one row down: its line in the original file, the problem's code and words, and its cells."""
        if self._file is None:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.fchmod(descriptor, 0o600)  # also when the file was there already
            self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow([*COLUMNS, *self._header])
        csv.writer(self._file).writerow([line, rejected.code, rejected.words, *map(defused, cells)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()
