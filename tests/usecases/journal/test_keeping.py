"""The file is kept as complete as the database, whatever has cut it, and a pulse follows what is sent."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from journals import AnotherHost, inside, jot, name_of, outside
from people import add_list, add_people
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.journal import Journal
from dispatcher.models import DeliveryLogEntry, JournalEntry
from dispatcher.rules.alert import Channel
from dispatcher.rules.journal import BackedUp, Pulse, write_facts
from dispatcher.rules.moves import Status
from dispatcher.usecases.journal import keep_up
from dispatcher.usecases.journal.keeping import copy_missing, tidy
from dispatcher.usecases.moves import begin, move_all


def pulses(house: House) -> int:
    return sum(entry.only_pulse for entry in inside(house))


def age(house: House, seconds: float) -> None:
    """Make every entry of the database older."""
    with house.db.transaction() as session:
        for entry in inside(house):
            at = entry.at - timedelta(seconds=seconds)
            row = update(JournalEntry).where(JournalEntry.mark == bytes.fromhex(entry.mark))
            session.execute(row.values(at=at))


BACKED_UP = write_facts([BackedUp()])


def add_entries(house: House, number: int, *, seconds_ago: float) -> None:
    """Entries that were committed, and not written outside."""
    with house.db.transaction() as session:
        at = session.scalars(select(db_now(-seconds_ago))).one()
        rows = [
            JournalEntry(mark=os.urandom(8), at=at, host=house.db.journal.host, words=BACKED_UP)
            for _ in range(number)
        ]
        session.add_all(rows)


@pytest.fixture
def town(any_house: House, tmp_path: Path) -> House:
    """A campaign that was laid out for three people."""
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    return any_house


def send_one(house: House) -> None:
    queued = next(message for message in messages_of(house) if message.status is Status.QUEUED)
    with house.db.transaction() as session:
        begin(session, [queued.id])
        move_all(session, 1, Status.SENT)


def test_nothing_is_written_while_nothing_happens(any_house: House) -> None:
    for idle in (True, False):
        keep_up(any_house, idle=idle)
    assert inside(any_house) == outside(any_house) == []
    assert not any_house.db.journal.folder.exists()


def test_a_pulse_follows_what_was_sent_once_when_nothing_is_due_any_more(town: House) -> None:
    keep_up(town, idle=True)
    assert pulses(town) == 0
    send_one(town)
    keep_up(town, idle=False)
    assert pulses(town) == 0  # the audience was noted a moment ago
    for _ in range(3):
        keep_up(town, idle=True)
    assert pulses(town) == 1
    assert outside(town) == inside(town)


def test_while_messages_are_sent_there_is_a_pulse_a_minute(town: House) -> None:
    send_one(town)
    age(town, 61)
    keep_up(town, idle=False)
    send_one(town)
    keep_up(town, idle=False)
    assert pulses(town) == 1
    age(town, 61)
    keep_up(town, idle=False)
    assert pulses(town) == 2


def test_what_was_sent_before_there_was_any_journal_has_a_pulse_too(any_house: House) -> None:
    with any_house.db.transaction() as session:
        now = session.scalars(select(db_now())).one()
        facts = {"alert_id": 1, "channel": Channel.EMAIL}
        session.add(DeliveryLogEntry(at=now, message_id=1, status=Status.SENT, **facts))
    keep_up(any_house, idle=False)
    assert pulses(any_house) == 1


def test_what_another_host_has_noted_is_copied_at_once(any_house: House) -> None:
    jot(any_house)
    with AnotherHost(any_house):
        jot(any_house)
    assert len(outside(any_house)) == 1
    copy_missing(any_house)
    copy_missing(any_house)
    assert outside(any_house) == inside(any_house)


def test_what_a_crash_kept_from_the_file_is_copied_once_it_is_surely_not_on_its_way(any_house: House) -> None:
    add_entries(any_house, 1, seconds_ago=60)
    copy_missing(any_house)
    add_entries(any_house, 1, seconds_ago=0)  # committed, and killed before it was written outside
    copy_missing(any_house)
    assert len(outside(any_house)) == 1
    add_entries(any_house, 1, seconds_ago=10)
    copy_missing(any_house)
    assert outside(any_house) == inside(any_house)[:2]


def test_a_file_that_was_lost_is_begun_anew_and_made_complete_by_tidying(any_house: House) -> None:
    add_entries(any_house, 1200, seconds_ago=60)
    copy_missing(any_house)
    assert len(outside(any_house)) == 500
    any_house.db.journal.own(name_of(any_house)).unlink()
    tidy(any_house)
    assert len(outside(any_house)) == 1200


def test_a_file_that_cannot_be_read_is_left_to_the_doctor(house: House) -> None:
    jot(house)
    own = house.db.journal.own(name_of(house))
    own.unlink()
    own.mkdir()
    copy_missing(house)
    with pytest.raises(OSError, match="Is a directory"):
        tidy(house)


def test_tidying_takes_in_hosts_that_are_gone_and_drops_pulses_of_last_season(any_house: House) -> None:
    jot(any_house, Pulse())
    jot(any_house, BackedUp())
    age(any_house, 31 * 24 * 3600)
    jot(any_house, Pulse())
    gone = Journal(any_house.db.journal.folder, "container-1")
    gone.record(name_of(any_house), outside(any_house))
    days_ago = time.time() - 3 * 24 * 3600
    os.utime(gone.own(name_of(any_house)), (days_ago, days_ago))
    tidy(any_house)
    assert [entry.facts for entry in inside(any_house)] == [(BackedUp(),), (Pulse(),)]
    assert any_house.db.journal.files(name_of(any_house)) == [any_house.db.journal.own(name_of(any_house))]
    assert outside(any_house)[-1:] == inside(any_house)[-1:]
