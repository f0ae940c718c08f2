"""Import a file of acts: counted, row by row where something is wrong, and able to be taken back."""

import json
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatcher.addresses import AddressProblem
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import ActionBatch
from dispatcher.rules.actions import ActionHow, Became
from dispatcher.rules.told_moments import may_be, told_moment
from dispatcher.usecases.acting.addressed import address_keys
from dispatcher.usecases.acting.campaigns import campaign_to_act_on
from dispatcher.usecases.acting.files import ActsFile
from dispatcher.usecases.acting.reporting import Report, report_all
from dispatcher.usecases.importing.files import Row
from dispatcher.usecases.importing.rehearsal import rehearsal
from dispatcher.usecases.importing.rejecting import RejectsFile, RowFault, RowRejected
from dispatcher.usecases.importing.spellings import NO, plain

_AT_ONCE = 1000  # rows a transaction
_NOON = time(12)
OTHER, UNCONFIRMED, REJECTED = "other_campaign", "unconfirmed", "rejected"
COUNTS = (*(became.value for became in Became), REJECTED, UNCONFIRMED, OTHER)


@dataclass(slots=True)
class ActsReport:
    """What an import of acts did, or would do."""

    dry_run: bool
    batch_id: int | None = None  # for `--undo`; None for a dry run
    tally: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)  # of rejected rows, by code
    rejects_file: Path | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what became of them; each counts once."""
        return {name: self.tally[name] for name in COUNTS}


def import_acts(house: House, acts: ActsFile, *, dry_run: bool = False) -> ActsReport:
    """Import them, or count what importing would do. Importing a file again changes nothing.

    Raises UnknownCampaign before anything happens.
    """
    report = ActsReport(dry_run)
    transactions = rehearsal(house) if dry_run else nullcontext(house.db.transaction)
    header = list(acts.shown.values())
    with transactions as transaction, RejectsFile(acts.order.rejects, header) as rejects:
        with transaction() as session:
            reader = _Reader(session, house, acts)
            batch = ActionBatch(file_name=acts.order.path.name[:200])
            session.add(batch)
            session.flush()
            batch_id = batch.id
        rows = acts.rows()
        while some := list(islice(rows, _AT_ONCE)):
            with transaction() as session:
                rejected = _import(session, house, reader, some, batch_id, report)
            for row, why in rejected:
                rejects.add(row.line, why, acts.kept_cells(row))
        report.rejects_file = rejects.written
    report.batch_id = None if dry_run else batch_id
    return report


def _import(
    session: Session, house: House, reader: "_Reader", rows: list[Row], batch_id: int, report: ActsReport
) -> list[tuple[Row, RowRejected]]:
    """One transaction's rows; those that can't be used."""
    rejected, read = [], []
    for row in rows:
        try:
            found = reader.read(row)
        except RowRejected as why:
            rejected.append((row, why))
        else:
            if isinstance(found, Report):
                read.append((row, found))
            else:
                report.tally[found] += 1
    told = [one for _, one in read]
    became = report_all(session, house, told, how=ActionHow.IMPORTED, thanks=reader.thanks, batch_id=batch_id)
    for (row, _), outcome in zip(read, became, strict=True):
        report.tally[outcome] += 1
        if outcome is Became.CONFLICT:
            rejected.append((row, RowRejected.because(RowFault.CONFLICT)))
    report.tally[REJECTED] += len(rejected) - became.count(Became.CONFLICT)
    report.problems.update(why.code for _, why in rejected)
    # In the same transaction: an import that is killed has counted what it did.
    counts = json.dumps(report.counts)
    session.execute(update(ActionBatch).where(ActionBatch.id == batch_id).values(counts=counts))
    return rejected


class _Reader:
    """Reads the rows of one file; its campaigns are looked up, and made where they are missing, before."""

    def __init__(self, session: Session, house: House, acts: ActsFile) -> None:
        order = acts.order
        self.thanks = order.thanks
        self._acts = acts
        self._keys = house.keys
        self._zone = ZoneInfo(order.zone or house.settings.org_zone)
        self._now = session.scalars(select(db_now())).one()
        slugs = {*order.mapped.values(), *([order.campaign] if order.campaign else [])}
        self._numbers = {slug: campaign_to_act_on(session, slug) for slug in sorted(slugs)}

    def read(self, row: Row) -> Report | str:
        """The row's act, or why it is passed over. Raises RowRejected."""
        acts = self._acts
        slug = acts.campaign_of(row)
        if slug is None:
            return OTHER
        if plain(acts.cell(row, "confirmed")) in NO:
            return UNCONFIRMED
        try:
            email, phone = address_keys(self._keys, acts.cell(row, "email"), acts.cell(row, "phone"))
        except AddressProblem as problem:
            raise RowRejected(problem.code, str(problem)) from None
        return Report(self._numbers[slug], self._moment(acts.cell(row, "at")), email, phone)

    def _moment(self, written: str) -> datetime:
        if not written:
            day = self._acts.order.day
            if day is None:
                raise RowRejected("no_date", "The row doesn't say when.")
            return datetime.combine(day, _NOON, self._zone).astimezone(UTC)
        at = told_moment(written, self._zone)
        if at is None:
            raise RowRejected("date", "The date can't be read; write it as 2026-11-05 20:15.")
        if not may_be(at, self._now):
            raise RowRejected("date_impossible", "Nobody can have acted on that date yet, or so long ago.")
        return at
