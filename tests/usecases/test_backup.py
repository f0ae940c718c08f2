"""`dispatch backup`: a copy of one moment, private, and known to the journal as older than what follows."""

import stat
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from earlier import kept
from journals import inside, jot, name_of, outside
from people import add_list, add_people

from dispatcher.backups import postgresql_dump, sqlite_file
from dispatcher.errors import BackupExists, FileUnusable
from dispatcher.house import House
from dispatcher.rules.journal import BackedUp
from dispatcher.usecases.backup import back_up, last_backup


@pytest.fixture
def town(any_house: House, tmp_path: Path) -> House:
    """Three people who have been written to."""
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    return any_house


def test_a_backup_says_what_is_in_it(town: House, tmp_path: Path) -> None:
    made = back_up(town, tmp_path / "backup")
    assert made.counts == {"subscribers": 3, "lists": 1, "alerts": 1, "messages": 6}
    assert made.size == (tmp_path / "backup").stat().st_size
    assert made.journals_ahead == ()
    look = sqlite_file.look if town.db.sqlite else postgresql_dump.look
    assert look(tmp_path / "backup").fingerprint == town.keys.fingerprint


def test_a_backup_is_for_this_user_alone_and_has_no_address_in_the_clear(town: House, tmp_path: Path) -> None:
    back_up(town, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "backup.sha256").stat().st_mode) == 0o600
    words = (tmp_path / "backup").read_bytes()
    assert b"person1@" not in words
    assert b"+13122" not in words


def test_a_backup_is_noted_after_its_copy_so_that_the_copy_is_known_to_be_older(
    town: House, tmp_path: Path
) -> None:
    back_up(town, tmp_path / "backup")
    assert inside(town)[-1].facts == (BackedUp(),)
    assert outside(town) == inside(town)
    with town.db.reading() as session:
        assert last_backup(session) == inside(town)[-1].at


def test_nothing_is_written_over_unless_it_is_asked_for(town: House, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("yesterday's")
    with pytest.raises(BackupExists):
        back_up(town, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "yesterday's"
    with town.db.reading() as session:
        assert last_backup(session) is None
    back_up(town, tmp_path / "backup", replace=True)
    assert back_up(town, tmp_path / "backup", replace=True).size > 1000


def test_the_database_is_not_replaced_by_its_own_backup(house: House) -> None:
    with pytest.raises(FileUnusable, match="it is the database itself"):
        back_up(house, Path("var/dispatch.db"), replace=True)


def test_a_backup_of_a_database_that_was_put_back_says_so_and_leaves_the_journal_alone(
    house: House, tmp_path: Path
) -> None:
    with kept(house) as put_back:
        jot(house)
        put_back()
        made = back_up(house, tmp_path / "backup")
    assert made.journals_ahead == (house.db.journal.place,)


def test_a_journal_that_cannot_be_tidied_keeps_nobody_from_making_a_backup(
    house: House, tmp_path: Path
) -> None:
    other = house.db.journal.folder / f"{name_of(house)}.web-1.journal"
    other.mkdir(parents=True)
    assert back_up(house, tmp_path / "backup").size
