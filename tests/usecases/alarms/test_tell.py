"""Alarms on their way to staff: over the web, by email, again when they don't arrive, and never too much."""

import threading
from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import signing
from conftest import OpenHouse
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alarm
from dispatcher.rules.alarms import Event
from dispatcher.usecases.alarms.note import end_alarm, raise_alarm
from dispatcher.usecases.alarms.tell import Failure, something_to_tell, tell
from fakes.chat import ChatServer
from fakes.smtp import SmtpServer


def wrong(house: House, words: str = "Nobody sends.") -> None:
    with house.db.transaction() as session:
        raise_alarm(session, Event.NO_WORKER, words)


def told(house: House) -> list[Failure]:
    return list(tell(house))


def alarms(house: House) -> Sequence[Alarm]:
    with house.db.reading() as session:
        return session.scalars(select(Alarm).order_by(Alarm.id)).all()


def make_due(house: House) -> None:
    """As if the time until the next try had passed."""
    with house.db.transaction() as session:
        session.execute(update(Alarm).where(Alarm.next_try_at.is_not(None)).values(next_try_at=db_now(-1)))


def test_an_alarm_is_posted_once_and_so_is_its_end(alarmed: House, chat: ChatServer) -> None:
    assert not something_to_tell(alarmed)
    wrong(alarmed)
    assert something_to_tell(alarmed)
    assert told(alarmed) == told(alarmed) == []
    assert not something_to_tell(alarmed)
    (posted,) = chat.posted
    assert posted.pop("at").endswith("+00:00")
    assert posted == {
        "id": 1,
        "event": "no_worker",
        "over": False,
        "alert": None,
        "words": "Nobody sends.",
        "site": "http://localhost:8000",
        "text": "Dispatcher: Nobody sends.",
    }
    with alarmed.db.transaction() as session:
        end_alarm(session, Event.NO_WORKER, "Somebody sends.")
    told(alarmed)
    assert [(one["over"], one["words"]) for one in chat.posted[1:]] == [(True, "Somebody sends.")]


@pytest.mark.parametrize(
    ("status", "problem"), [(500, "answered 500"), (404, "answered 404"), (302, "answered 302")]
)
def test_an_alarm_that_is_not_taken_is_tried_again_later(
    alarmed: House, chat: ChatServer, status: int, problem: str
) -> None:
    chat.answer(status)
    wrong(alarmed)
    assert told(alarmed) == [Failure("DISPATCH_ALARM_URL", f"127.0.0.1 {problem}")]
    assert not something_to_tell(alarmed)  # not at once
    make_due(alarmed)
    assert told(alarmed) == []
    assert (len(chat.posted), chat.refused) == (1, 1)
    (alarm,) = alarms(alarmed)
    assert (alarm.tries, alarm.told, alarm.next_try_at) == (2, "url", None)


def test_a_chat_that_cannot_be_reached_is_named_without_its_secret(open_house_with: OpenHouse) -> None:
    house = open_house_with(alarm_url="http://127.0.0.1:1/hooks/a-secret")
    wrong(house)
    (failure,) = told(house)
    assert failure.problem == "127.0.0.1 can't be reached (no connection)"


def test_it_is_tried_for_a_day_and_then_it_is_no_news(alarmed: House, chat: ChatServer) -> None:
    wrong(alarmed)
    with alarmed.db.transaction() as session:
        session.execute(update(Alarm).values(at=db_now(-25 * 3600)))
    assert not something_to_tell(alarmed)
    assert told(alarmed) == []
    assert chat.posted == []


def test_several_processes_tell_it_once(alarmed: House, chat: ChatServer) -> None:
    wrong(alarmed)
    threads = [threading.Thread(target=told, args=(alarmed,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(chat.posted) == 1


def test_where_nobody_is_to_be_told_alarms_wait_for_whoever_is_named_within_the_day(
    open_house_with: OpenHouse, chat: ChatServer
) -> None:
    house = open_house_with()
    wrong(house)
    assert not something_to_tell(house)
    assert told(house) == []
    assert told(open_house_with(alarm_url=chat.url)) == []
    assert len(chat.posted) == 1


def test_staff_get_a_plain_mail_over_the_relay(open_house_with: OpenHouse, smtp_server: SmtpServer) -> None:
    house = open_house_with(
        email_url=smtp_server.url,
        alarm_email="ana@staff.example, ben@staff.example",
        from_email="alerts@coalition.example",
        from_name="Alerts, Inc.",
        public_url="https://act.coalition.example",
    )
    wrong(house, "Alert 3 has paused by itself. " * 5)
    assert told(house) == []
    assert smtp_server.recipients == ["ana@staff.example", "ben@staff.example"]
    received = smtp_server.received[0]
    letter = message_from_bytes(received.mime, policy=policy.default)
    assert received.sender == "alerts@coalition.example"
    assert (letter["From"], letter["To"]) == ("alerts@coalition.example", "ana@staff.example")
    assert letter["Subject"] == "Dispatcher: no worker"
    assert letter["Message-ID"].startswith("<alarm.1.")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content()
    assert text.startswith("Alert 3 has paused by itself. Alert 3")
    assert "https://act.coalition.example" in text
    assert max(len(line) for line in received.mime.split(b"\r\n")) <= 78


def test_who_was_told_is_not_told_again_because_somebody_else_was_not(
    open_house_with: OpenHouse, smtp_server: SmtpServer, chat: ChatServer
) -> None:
    staff = "ana@staff.example,ben@staff.example"
    house = open_house_with(email_url=smtp_server.url, alarm_email=staff, alarm_url=chat.url)
    smtp_server.answer("ana@staff.example", "450 4.2.0 try later")
    wrong(house)
    (failure,) = told(house)
    assert failure == Failure("email", f"SMTP relay 127.0.0.1:{smtp_server.port} answered smtp 450 4.2.0")
    make_due(house)
    assert told(house) == []
    assert smtp_server.recipients == ["ben@staff.example", "ana@staff.example"]
    assert len(chat.posted) == 1


def test_an_address_that_mail_cannot_have_is_a_problem_and_no_crash(open_house_with: OpenHouse) -> None:
    house = open_house_with(alarm_email="josé@staff.example")
    wrong(house)
    assert [failure.problem for failure in told(house)] == [
        "This message can't be written: address needs SMTPUTF8."
    ]


def test_on_practice_the_mail_goes_to_the_outbox(open_house_with: OpenHouse) -> None:
    house = open_house_with(alarm_email="ana@staff.example")
    wrong(house)
    assert told(house) == []
    (file,) = Path("var/outbox").glob("*.eml")
    assert b"Nobody sends." in file.read_bytes()


def test_an_alarm_by_mail_is_signed_as_everything_else_from_our_address(
    open_house_with: OpenHouse, smtp_server: SmtpServer
) -> None:
    us = {"from_email": "us@example.org", "alarm_email": "ana@staff.example"}
    house = open_house_with(email_url=smtp_server.url, **us, **signing.SETTINGS)
    wrong(house)
    assert told(house) == []
    (received,) = smtp_server.received
    assert signing.both_verified(received.mime)
