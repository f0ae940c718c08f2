"""How backups and journal are, in words for `dispatch doctor`."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import JournalEntry
from dispatcher.usecases.backup import last_backup
from dispatcher.usecases.journal.agreement import journals_ahead, name_of

_OLD = timedelta(days=7)
_SETTLED = 10.0  # seconds after which an entry must be in the file
_MADE_BY = "Run `dispatch backup FILE`, each night say, and keep the file on another machine."


@dataclass(frozen=True, slots=True)
class Condition:
    """As doctor's findings: `ok` None means worth knowing."""

    ok: bool | None
    words: str
    mend: str = ""


def backup_condition(house: House) -> Condition:
    """When the last backup was made."""
    with house.db.reading() as session:
        made = last_backup(session)
    if made is None:
        return Condition(None, "none was made by `dispatch backup` yet.", _MADE_BY)
    words = f"the last one was made on {made:%d %B %Y, %H:%M} UTC."
    return Condition(None, words, _MADE_BY) if house.db.now() - made > _OLD else Condition(True, words)


def journal_condition(house: House) -> Condition:
    """Whether the journal outside of the database can be written and read, is complete, and agrees."""
    journal = house.db.journal
    if places := journals_ahead(house.db):
        words = f"knows more than the database, in {', '.join(places)}: it was put back to an earlier day."
        return Condition(False, words, "Run `dispatch restore --replay` there.")
    if problem := journal.problem():
        words = f"{journal.folder} can't be written: {problem}. Whoever leaves has left all the same."
        return Condition(False, words, "Mend that; a worker then completes it from the database.")
    with house.db.reading() as session:
        name = name_of(session, journal)
        files = journal.files(name)
        ours = JournalEntry.host == journal.host
        settled = select(JournalEntry.mark).where(ours, JournalEntry.at < db_now(-_SETTLED))
        written = {mark.hex() for mark in session.scalars(settled)}
    if unreadable := journal.unreadable(name):
        words = f"{unreadable[0]} can't be read by this user."
        return Condition(False, words, "Give it to the user that runs workers and pages.")
    return _completeness(journal.folder, files, written, {entry.mark for entry in journal.read(files)})


def _completeness(folder: Path, files: list[Path], written: set[str], kept: set[str]) -> Condition:
    if written and not files:
        words = f"{folder} has lost what this host wrote. A worker writes it anew, from the database."
        return Condition(None, words, "If the database was put back too, run `dispatch pause --all` first.")
    if lacking := len(written - kept):
        words = f"{lacking} entries of the database aren't in {folder}: it couldn't be written for a while."
        return Condition(None, words, "A worker completes it by itself when it starts, and so does a backup.")
    if not files:
        return Condition(None, f"nothing had to be kept yet in {folder}.")
    return Condition(True, f"agrees with the database: {len(kept)} entries in {folder}.")
