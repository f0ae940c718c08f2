"""What must outlive the database is noted in it, and outside once it is durable; without personal data."""

from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from earlier import kept
from importing_desk import Desk
from journals import inside, jot, outside
from people import add_list, add_people, add_person
from sqlalchemy import func, select

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.house import House
from dispatcher.models import Alert, ImportBatch, JournalAhead, JournalEntry, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.journal import (
    Fact,
    Forgotten,
    Highest,
    ImportUndone,
    LaidOut,
    Left,
    Lifted,
    Pulse,
    Returned,
    Suppressed,
)
from dispatcher.usecases.forget import forget
from dispatcher.usecases.importing.undoing import undo
from dispatcher.usecases.journal import note
from dispatcher.usecases.journal.names import sealed
from dispatcher.usecases.journal.noting import list_key
from dispatcher.usecases.leave import leave
from dispatcher.usecases.record_inbound import record_inbound
from dispatcher.usecases.suppress import suppress
from dispatcher.usecases.unsubscribe import unsubscribe

MARIA, PHONE = "maria@example.org", "+13125550100"


def noted(house: House) -> list[Fact]:
    """Every fact, which must be the same in both places."""
    assert outside(house) == inside(house)
    return [fact for entry in outside(house) for fact in entry.facts]


def key(house: House, address: str) -> str:
    return house.keys.address_key(address).hex()


def text_from(number: str, words: str) -> InboundText:
    return InboundText(number=number, body=words, handled=None)


def test_leaving_is_noted_once_however_often_the_link_is_clicked(any_house: House) -> None:
    daca = add_list(any_house)
    add_person(any_house, email=MARIA)
    for _ in range(3):
        with any_house.db.transaction() as session:
            leave(session, Channel.EMAIL, any_house.keys.address_key(MARIA), "one-click", list_ids=[daca])
    assert noted(any_house) == [Left("email", key(any_house, MARIA), list_key("daca"))]


def test_a_suppression_is_noted_when_it_changes_anything(any_house: House) -> None:
    for reason in (SuppressionReason.BOUNCED, SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED):
        with any_house.db.transaction() as session:
            suppress(session, Channel.EMAIL, any_house.keys.address_key(MARIA), reason, "a test")
    maria = key(any_house, MARIA)
    assert noted(any_house) == [
        Suppressed("email", maria, "bounced"),
        Suppressed("email", maria, "complained"),
    ]


def test_a_stop_and_the_start_that_undoes_it_are_noted(any_house: House) -> None:
    add_list(any_house)
    add_person(any_house, phone=PHONE)
    for words in ("STOP", "START"):
        with any_house.db.transaction() as session:
            record_inbound(session, any_house.keys, text_from(PHONE, words))
    phone, daca = key(any_house, PHONE), list_key("daca")
    assert noted(any_house) == [
        Suppressed("sms", phone, "stop"),
        Left("sms", phone, daca, by_stop=True),
        Lifted("sms", phone),
        Returned("sms", phone, daca),
    ]


def test_staff_who_unsubscribe_many_at_once_make_lines_of_a_bearable_length(any_house: House) -> None:
    with any_house.db.transaction() as session:
        for nth in range(1200):
            unsubscribe(session, any_house.keys, f"person{nth}@example.org", "a letter")
    assert [len(entry.facts) for entry in outside(any_house)] == [500, 500, 200]
    assert len({entry.mark for entry in outside(any_house)}) == 3


def test_a_forgotten_person_is_noted_with_what_tells_them_from_others(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, email=MARIA)
    with any_house.db.reading() as session:
        created_at = session.get_one(Subscriber, maria).created_at.isoformat()
    with any_house.db.transaction() as session:
        forget(session, any_house.keys, MARIA)
    email = key(any_house, MARIA)
    assert noted(any_house) == [
        Left("email", email, list_key("daca")),
        Suppressed("email", email, "forgotten"),
        Forgotten(maria, created_at),
    ]


def test_an_audience_is_noted_with_the_highest_numbers_that_are_known_outside(
    any_house: House, tmp_path: Path
) -> None:
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    with any_house.db.reading() as session:
        created_at = session.get_one(Alert, 1).created_at.isoformat()
    assert noted(any_house) == [
        sealed(LaidOut(1, created_at, "budget", "", practice=True, messages=6)),
        Highest("messages", 6),
        Highest("subscribers", 3),
        Highest("lists", 1),
        Highest("alerts", 1),
    ]
    send(any_house, opening(frozen_campaign()))
    assert len(noted(any_house)) == 5  # nobody was added


def test_an_import_that_is_taken_back_is_noted(house: House, tmp_path: Path) -> None:
    add_list(house)
    Desk(house, tmp_path).bring(f"email\n{MARIA}")
    undo(house, 1)
    with house.db.reading() as session:
        created_at = session.get_one(ImportBatch, 1).created_at.isoformat()
    assert noted(house) == [ImportUndone(1, created_at)]


def test_a_journal_that_cannot_be_written_keeps_nobody_from_leaving(any_house: House) -> None:
    daca = add_list(any_house)
    add_person(any_house, email=MARIA)
    any_house.db.journal.folder.parent.mkdir(exist_ok=True)
    any_house.db.journal.folder.touch()
    with any_house.db.transaction() as session:
        left = leave(session, Channel.EMAIL, any_house.keys.address_key(MARIA), "one-click", list_ids=[daca])
    assert left == (daca,)
    assert any_house.db.journal.unwritten == 1
    any_house.db.journal.folder.unlink()
    jot(any_house)
    assert noted(any_house)[0] == Left("email", key(any_house, MARIA), list_key("daca"))


def test_what_fails_is_noted_nowhere(any_house: House) -> None:
    with pytest.raises(ZeroDivisionError), any_house.db.transaction() as session:
        unsubscribe(session, any_house.keys, MARIA, "a letter")
        _ = 1 // 0
    assert noted(any_house) == []


def test_the_file_has_no_address_no_name_and_no_slug_of_a_list(any_house: House) -> None:
    add_list(any_house, "undocumented", sensitive=True)
    add_person(any_house, email=MARIA, phone=PHONE, first_name="Maria", lists=["undocumented"])
    with any_house.db.transaction() as session:
        unsubscribe(session, any_house.keys, MARIA, "Maria called us")
        unsubscribe(session, any_house.keys, PHONE, "Maria called us")
        forget(session, any_house.keys, MARIA)
    words = b"".join(path.read_bytes() for path in any_house.db.journal.folder.iterdir()).lower()
    assert len(words) > 200
    for said in ("maria", "example.org", "312555", "undocumented", "called"):
        assert said.encode() not in words


def test_who_writes_into_a_database_that_was_put_back_warns_the_others(any_house: House) -> None:
    with kept(any_house) as put_back:
        with any_house.db.transaction() as session:
            note(session, Pulse())
        put_back()
        with any_house.db.transaction() as session:
            unsubscribe(session, any_house.keys, MARIA, "a letter")
    with any_house.db.reading() as session:
        assert session.scalars(select(JournalAhead.place)).all() == [any_house.db.journal.place]


def test_entries_have_the_databases_time(any_house: House) -> None:
    with any_house.db.transaction() as session:
        note(session, Pulse())
    (entry,) = outside(any_house)
    assert abs(any_house.db.now() - entry.at) < timedelta(seconds=10)
    with any_house.db.reading() as session:
        assert session.scalar(select(func.max(JournalEntry.at))) == entry.at
