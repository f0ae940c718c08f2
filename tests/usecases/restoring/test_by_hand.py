"""`dispatch restore --replay`: with the journals that there are, or without the one that is lost."""

from pathlib import Path

import pytest
from earlier import kept
from journals import AnotherHost, inside, jot, name_of
from people import add_list, add_person

from dispatcher.errors import DatabaseOlder, JournalMissing, JournalOfAnother
from dispatcher.house import House
from dispatcher.rules.journal import PutBack
from dispatcher.usecases.journal import refuse_older_database
from dispatcher.usecases.restoring.by_hand import replay_journal
from dispatcher.usecases.unsubscribe import unsubscribe


def test_a_database_that_knows_its_journal_is_left_alone(any_house: House) -> None:
    jot(any_house)
    assert replay_journal(any_house) is None
    assert len(inside(any_house)) == 1


def test_after_replaying_it_may_send_and_remembers_that_it_was_put_back(any_house: House) -> None:
    with kept(any_house) as put_back:
        jot(any_house)
        put_back()
        with pytest.raises(DatabaseOlder):
            refuse_older_database(any_house)
        replayed = replay_journal(any_house)
    assert replayed is not None
    assert replayed.entries == 1
    refuse_older_database(any_house)
    assert inside(any_house)[-1].facts == (PutBack(),)
    assert replay_journal(any_house) is None


def test_a_journal_that_is_nowhere_is_told_with_what_can_be_done(any_house: House) -> None:
    with pytest.raises(JournalMissing, match=r"--without-journal") as missing:
        replay_journal(any_house)
    assert str(any_house.db.journal.folder) in str(missing.value)


def test_a_journal_that_is_lost_for_good_stops_nobody_for_ever(any_house: House) -> None:
    jot(any_house)
    with kept(any_house) as put_back:
        with AnotherHost(any_house):
            jot(any_house)
            put_back()
            jot(any_house)
        with pytest.raises(DatabaseOlder, match="web-1"):
            refuse_older_database(any_house)
        replay_journal(any_house)  # ours agrees: it isn't enough
        with pytest.raises(DatabaseOlder, match="web-1"):
            refuse_older_database(any_house)
        assert replay_journal(any_house, without_journal=True) is not None
    refuse_older_database(any_house)


def test_a_journal_that_was_brought_from_another_host_is_replayed_too(
    any_house: House, tmp_path: Path
) -> None:
    add_list(any_house)
    add_person(any_house, email="maria@example.org")
    jot(any_house)
    with kept(any_house) as put_back:
        with AnotherHost(any_house):
            with any_house.db.transaction() as session:
                unsubscribe(session, any_house.keys, "maria@example.org", "a letter")
            brought = any_house.db.journal.own(name_of(any_house)).rename(
                tmp_path / any_house.db.journal.own(name_of(any_house)).name
            )
        put_back()
        replayed = replay_journal(any_house, [brought])
    assert replayed is not None
    assert (replayed.entries, replayed.opt_outs) == (1, 2)


def test_a_journal_of_another_data_key_is_refused(house: House, tmp_path: Path) -> None:
    for name in ("00000000-0123456789ab.web-1.journal", "notes.txt"):
        (tmp_path / name).touch()
        with pytest.raises(JournalOfAnother, match=name):
            replay_journal(house, [tmp_path / name])
