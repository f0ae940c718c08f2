"""Replay the journal into a database that was put back: in one transaction, and any number of times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from dispatcher.models import ImportBatch, JournalAhead, JournalEntry
from dispatcher.rules.journal import (
    Entry,
    ImportUndone,
    PutBack,
    facts_of,
    highest_of,
    in_order,
    write_facts,
)
from dispatcher.usecases.journal.agreement import unknown
from dispatcher.usecases.journal.names import sealed_entry
from dispatcher.usecases.journal.noting import as_entry, mute, note, unmute
from dispatcher.usecases.restoring.holding import Held, hold_everything
from dispatcher.usecases.restoring.lost_alerts import LostAlert, replay_laid_out
from dispatcher.usecases.restoring.numbers import never_again
from dispatcher.usecases.restoring.opt_outs import replay_opt_outs


@dataclass(frozen=True, slots=True)
class Replayed:
    """What putting a database back means for it, beside what it has lost."""

    held: Held
    entries: int  # of the journal that the database didn't know
    opt_outs: int  # that it didn't know
    lost_alerts: tuple[LostAlert, ...]
    imports_to_undo: tuple[int, ...]  # they had been taken back: to be done again, each in its own time


def replay(session: Session, entries: Iterable[Entry], hosts: Iterable[str] | None) -> Replayed:
    """Hold everything, and do again what these entries say and the database doesn't know.

    The journals of `hosts` (of all, when None) keep nobody from sending any more.
    """
    ordered = in_order(entries)
    held = hold_everything(session)
    mute(session)
    unknown_marks = unknown(session, [entry.mark for entry in ordered])
    missing = [entry for entry in ordered if entry.mark in unknown_marks]
    opt_outs = replay_opt_outs(session, _and_later(session, missing), unknown_marks)
    lost = replay_laid_out(session, missing)
    for table, number in highest_of(ordered).items():
        never_again(session, table, number)
    _adopt(session, missing)
    unmute(session)
    note(session, PutBack())
    ahead = delete(JournalAhead)
    session.execute(ahead if hosts is None else ahead.where(JournalAhead.host.in_(list(hosts))))
    return Replayed(held, len(missing), opt_outs, tuple(lost), tuple(_imports_to_undo(session, missing)))


def _and_later(session: Session, missing: Sequence[Entry]) -> list[Entry]:
    """These entries, and what the database was told after the first of them: somebody may have come back."""
    if not missing:
        return []
    later = session.scalars(select(JournalEntry).where(JournalEntry.at >= missing[0].at))
    return in_order([*missing, *map(as_entry, later)])


def _adopt(session: Session, missing: Sequence[Entry]) -> None:
    """Know them from now on."""
    rows = [
        {
            "mark": bytes.fromhex(entry.mark),
            "at": entry.at,
            "host": entry.host,
            "words": write_facts(sealed_entry(entry).facts),
        }
        for entry in missing
    ]
    if rows:
        session.execute(insert(JournalEntry), rows)


def _imports_to_undo(session: Session, missing: Sequence[Entry]) -> list[int]:
    found = []
    for fact in facts_of(missing, ImportUndone):
        batch = session.get(ImportBatch, fact.batch_id)
        if batch and batch.undone_at is None and batch.created_at.isoformat() == fact.created_at:
            found.append(batch.id)
    return found
