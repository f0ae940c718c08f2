"""Import people from a file into a list: counted, reported row by row, and able to be taken back.

It commits by itself, a batch of rows at a time: a million people in one transaction would hold everybody else
up. Stopped halfway it has imported what it says, and running it again goes on.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatcher.errors import DispatchError, ImportRefused, ImportStopped
from dispatcher.house import House
from dispatcher.models import ImportBatch
from dispatcher.rules.alert import Channel
from dispatcher.usecases.consent import Evidence, disclosure_id
from dispatcher.usecases.importing.applying import Applied, Applier
from dispatcher.usecases.importing.cells import RowReader
from dispatcher.usecases.importing.columns import guess
from dispatcher.usecases.importing.files import open_people_file
from dispatcher.usecases.importing.reading import Reading, ReadRows, Rejected, one_ahead
from dispatcher.usecases.importing.rehearsal import Transactions, rehearsal
from dispatcher.usecases.importing.rejecting import RejectsFile
from dispatcher.usecases.importing.report import ImportOrder, ImportReport, PreparedImport, Tally
from dispatcher.usecases.lists import require_list

_ROWS_ON_SQLITE, _ROWS_ON_POSTGRESQL = 1000, 4000
_LONGEST_WRITE = 0.25  # seconds: on SQLite everybody else waits for as long
_FEWEST_ROWS = 50
_LONGEST_SOURCE = 200  # characters

Progress = Callable[[int, int | None], None]  # rows done, and in all where that is known


def prepare(order: ImportOrder) -> PreparedImport:
    """Look the file over and guess its columns; changes nothing. ImportRefused says how to mend it."""
    file = open_people_file(order.path)
    columns = guess(order.path.name, file.header, keep=order.keep, consent_column=order.consent_column)
    if Channel.SMS not in order.channels:
        columns = columns.without("sms_consent")
    elif order.disclosure is None and "sms_consent" not in columns.fields:
        raise ImportRefused(
            file=order.path.name,
            problem="agreeing to texts must be shown. Give the words that people saw with --disclosure "
            "FILE, or name the column that says yes for each with --consent-column NAME.",
        )
    if not 0 < len(order.source.strip()) <= _LONGEST_SOURCE:
        problem = f"say where people agreed in --consent-source, in at most {_LONGEST_SOURCE} characters."
        raise ImportRefused(file=order.path.name, problem=problem)
    if order.rejects.absolute() == order.path.absolute():
        problem = "rejected rows can't be written over the file itself. Say where with --rejects FILE."
        raise ImportRefused(file=order.path.name, problem=problem)
    if not os.access(order.rejects.absolute().parent, os.W_OK):
        problem = (
            f"rejected rows can't be written to {order.rejects}. Say where they may be with --rejects FILE."
        )
        raise ImportRefused(file=order.path.name, problem=problem)
    return PreparedImport(order, file, columns)


def run(
    house: House, prepared: PreparedImport, *, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import the file, or count what importing it would do.

    Raises UnknownList before anything happens, and ImportStopped when the database fails midway.
    """
    started = time.monotonic()
    report = ImportReport(dry_run)
    transactions = rehearsal(house) if dry_run else nullcontext(house.db.transaction)
    with transactions as transaction, RejectsFile(prepared.order.rejects, prepared.file.header) as rejects:
        with transaction() as session:
            applier, batch_id = _begin(session, prepared)
        report.batch_id = None if dry_run else batch_id
        batches = _Batches(house, prepared, transaction, applier, batch_id)
        try:
            for rows, tally in batches.all():
                report.tally = tally
                for row, rejected in rows:
                    rejects.add(row.line, rejected, row.cells)
                if progress:
                    progress(tally.rows, prepared.file.total)
        except DispatchError as error:
            if dry_run or not report.tally.rows:
                raise
            raise ImportStopped(batch=batch_id, rows=report.tally.rows, reason=str(error)) from error
        report.rejects_file = rejects.written
    report.seconds = time.monotonic() - started
    return report


def _begin(session: Session, prepared: PreparedImport) -> tuple[Applier, int]:
    order = prepared.order
    joined_list = require_list(session, order.list_slug)
    words = disclosure_id(session, order.disclosure) if order.disclosure is not None else None
    batch = ImportBatch(file_name=order.path.name[:200], list_id=joined_list.id, source=order.source.strip())
    session.add(batch)
    session.flush()
    evidence = Evidence(batch.source, words, batch.id, own_act=False)
    return Applier(joined_list.id, order.channels, evidence, prepared.texts_by_column), batch.id


@dataclass(slots=True)
class _Batches:
    """One import's batches: read outside of any transaction, applied in one each."""

    house: House
    prepared: PreparedImport
    transaction: Transactions
    applier: Applier
    batch_id: int

    def all(self) -> Iterator[tuple[Rejected, Tally]]:
        """Apply batch after batch; the rejected rows of each, and the tally so far."""
        sqlite = self.house.db.sqlite
        rows = self.prepared.file.rows()
        reading = Reading(
            RowReader(self.prepared.columns, self.house.keys),
            rows,
            size=_ROWS_ON_SQLITE if sqlite else _ROWS_ON_POSTGRESQL,
        )
        batches = iter(reading) if sqlite else one_ahead(reading)
        tally = Tally()
        with closing(rows), closing(batches):  # however it ends: whoever reads the file first, then the file
            for batch in batches:
                with self.transaction() as session:
                    started = time.monotonic()  # the lock is ours from here
                    applied = self.applier.apply(session, [person for _, person in batch.people])
                    tally = tally.plus(applied, [problem for _, problem in batch.unreadable])
                    # In the same transaction: an import that is killed has counted what it did.
                    counts = json.dumps(tally.counts)
                    session.execute(
                        update(ImportBatch).where(ImportBatch.id == self.batch_id).values(counts=counts)
                    )
                if sqlite and time.monotonic() - started > _LONGEST_WRITE:
                    reading.size = max(_FEWEST_ROWS, reading.size // 2)
                yield _in_order(batch, applied), tally


def _in_order(batch: ReadRows, applied: Applied) -> Rejected:
    refused = [(batch.people[place][0], rejected) for place, rejected in applied.rejected.items()]
    return sorted([*refused, *batch.unreadable], key=lambda pair: pair[0].line)
