"""What the doctor says of backups and of the journal."""

from datetime import timedelta
from pathlib import Path

import pytest
from earlier import kept
from journals import jot, name_of, outside
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import JournalEntry
from dispatcher.usecases.backup import back_up
from dispatcher.usecases.journal.condition import backup_condition, journal_condition


def age(house: House, period: timedelta) -> None:
    with house.db.transaction() as session:
        at = session.scalars(select(db_now(-period.total_seconds()))).one()
        session.execute(update(JournalEntry).values(at=at))


def test_the_last_backup_is_told_and_one_that_is_old_with_what_to_do(house: House, tmp_path: Path) -> None:
    assert "none was made" in backup_condition(house).words
    back_up(house, tmp_path / "backup.db")
    made = backup_condition(house)
    assert (made.ok, made.mend) == (True, "")
    assert f"{house.db.now():%d %B %Y}" in made.words
    age(house, timedelta(days=8))
    assert backup_condition(house).ok is None
    assert "dispatch backup FILE" in backup_condition(house).mend


def test_a_journal_is_well_from_the_first_entry_on(any_house: House) -> None:
    assert journal_condition(any_house).ok is None
    jot(any_house)
    well = journal_condition(any_house)
    assert (well.ok, well.mend) == (True, "")
    assert well.words == f"agrees with the database: 1 entries in {any_house.db.journal.folder}."


def test_a_database_that_was_put_back_is_wrong(any_house: House) -> None:
    with kept(any_house) as put_back:
        jot(any_house)
        put_back()
        found = journal_condition(any_house)
    assert found.ok is False
    assert "dispatch restore --replay" in found.mend


def test_a_journal_that_cannot_be_written_is_wrong(house: House) -> None:
    house.db.journal.folder.parent.mkdir(exist_ok=True)
    house.db.journal.folder.touch()
    found = journal_condition(house)
    assert found.ok is False
    assert "can't be written: Not a directory" in found.words


def test_a_file_that_cannot_be_read_is_wrong(house: House) -> None:
    jot(house)
    other = house.db.journal.folder / f"{name_of(house)}.web-1.journal"
    other.mkdir()
    found = journal_condition(house)
    assert found.ok is False
    assert str(other) in found.words


@pytest.mark.parametrize("entries", [1, 2])
def test_a_file_that_was_lost_or_is_not_complete_is_told(house: House, entries: int) -> None:
    for _ in range(entries):
        jot(house)
    age(house, timedelta(minutes=1))
    own = house.db.journal.own(name_of(house))
    if entries == 1:
        own.unlink()
        assert "has lost what this host wrote" in journal_condition(house).words
    else:
        own.write_text(own.read_text().splitlines()[0])
        assert len(outside(house)) == 1
        assert journal_condition(house).words.startswith("1 entries of the database aren't in ")
    assert journal_condition(house).ok is None
