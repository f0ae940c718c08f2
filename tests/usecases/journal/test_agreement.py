"""A database that was put back is noticed by whoever would send, and told to every other host."""

import pytest
from earlier import kept
from journals import AnotherHost, jot, name_of, outside
from sqlalchemy import select

from dispatcher.errors import DatabaseOlder
from dispatcher.house import House
from dispatcher.models import JournalAhead, JournalEntry
from dispatcher.rules.journal import Entry, Pulse
from dispatcher.usecases.journal import refuse_older_database
from dispatcher.usecases.journal.agreement import journals_ahead, unknown


def test_a_database_that_knows_its_journal_may_send(any_house: House) -> None:
    refuse_older_database(any_house)
    for _ in range(30):
        jot(any_house)
    refuse_older_database(any_house)
    assert len(outside(any_house)) == 30


def test_a_database_that_was_put_back_is_refused_with_the_way_on(any_house: House) -> None:
    jot(any_house)
    with kept(any_house) as put_back:
        jot(any_house)
        refuse_older_database(any_house)
        put_back()
        with pytest.raises(DatabaseOlder, match=r"dispatch restore --replay") as refused:
            refuse_older_database(any_house)
    assert any_house.db.journal.place in str(refused.value)
    with pytest.raises(DatabaseOlder):  # and still, now that it is kept in mind
        refuse_older_database(any_house)


def test_what_is_noted_afterwards_does_not_hide_it(any_house: House) -> None:
    with kept(any_house) as put_back:
        for _ in range(3):
            jot(any_house)
        put_back()
        for _ in range(50):  # more than anybody looks at
            jot(any_house)
        assert journals_ahead(any_house.db) == [any_house.db.journal.place]


def test_a_host_whose_own_journal_agrees_is_told_by_the_other_one(any_house: House) -> None:
    jot(any_house)
    with kept(any_house) as put_back:
        with AnotherHost(any_house) as web:
            jot(any_house)
            place = web.house.db.journal.place
        put_back()
        refuse_older_database(any_house)  # nobody here can know
        with AnotherHost(any_house):
            jot(any_house)  # somebody else leaves by a page
        with pytest.raises(DatabaseOlder, match=place):
            refuse_older_database(any_house)


def test_two_who_notice_it_at_once_are_no_trouble(any_house: House) -> None:
    with kept(any_house) as put_back:
        jot(any_house)
        put_back()
        with any_house.db.transaction() as session:
            session.add(JournalAhead(host="web-1", place="/srv/journal on web-1"))
        assert journals_ahead(any_house.db) == sorted(["/srv/journal on web-1", any_house.db.journal.place])
        with any_house.db.reading() as session:
            assert len(session.scalars(select(JournalAhead.host)).all()) == 2


def test_a_pulse_that_the_database_has_dropped_long_ago_proves_nothing(house: House) -> None:
    old = Entry("aa" * 8, house.db.now().replace(year=2020), house.db.journal.host, (Pulse(),))
    house.db.journal.record(name_of(house), [old])
    refuse_older_database(house)


def test_journals_of_other_databases_in_the_folder_are_none_of_ours(house: House) -> None:
    old = Entry("aa" * 8, house.db.now(), house.db.journal.host, (Pulse(),))
    house.db.journal.record("00000000-0123456789ab", [old])
    refuse_older_database(house)


def test_marks_are_looked_up_in_any_number(any_house: House) -> None:
    with any_house.db.transaction() as session:
        session.add_all(JournalEntry(mark=n.to_bytes(8, "big"), host="web-1", words="[]") for n in range(700))
    with any_house.db.reading() as session:
        asked = [n.to_bytes(8, "big").hex() for n in range(1200)]
        assert unknown(session, asked) == set(asked[700:])
