"""Alarms as they are written: once for each occasion, whoever notices it."""

import threading
import time

import pytest
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Alarm
from dispatcher.rules.alarms import Event
from dispatcher.usecases.alarms.note import end_alarm, open_alarms, raise_alarm

SILENT = Event.CALLBACKS_SILENT


def noted(house: House) -> list[tuple[str, int, bool, str]]:
    with house.db.reading() as session:
        rows = session.scalars(select(Alarm).order_by(Alarm.id))
        return [(alarm.subject, alarm.number, alarm.over, alarm.words) for alarm in rows]


def still_wrong(house: House) -> set[tuple[Event, str]]:
    with house.db.reading() as session:
        return open_alarms(session)


def test_what_is_wrong_is_noted_once_and_its_end_once(any_house: House) -> None:
    with any_house.db.transaction() as session:
        assert not end_alarm(session, SILENT, "never was", subject="sms")
        assert raise_alarm(session, SILENT, "silent", subject="sms")
        assert not raise_alarm(session, SILENT, "still silent", subject="sms")
    assert still_wrong(any_house) == {(SILENT, "sms")}
    with any_house.db.transaction() as session:
        assert end_alarm(session, SILENT, "heard again", subject="sms")
        assert not end_alarm(session, SILENT, "heard again", subject="sms")
    assert still_wrong(any_house) == set()
    assert noted(any_house) == [("sms", 1, False, "silent"), ("sms", 2, True, "heard again")]


def test_the_same_thing_can_go_wrong_again_and_others_are_none_of_its_business(any_house: House) -> None:
    with any_house.db.transaction() as session:
        for _ in range(2):
            assert raise_alarm(session, SILENT, "silent", subject="sms")
            assert end_alarm(session, SILENT, "heard", subject="sms")
        assert raise_alarm(session, SILENT, "silent", subject="email")
        assert raise_alarm(session, Event.QUEUE_AWAY, "away")
    assert still_wrong(any_house) == {(SILENT, "email"), (Event.QUEUE_AWAY, "")}


def test_what_is_news_each_time_is_noted_each_time(any_house: House) -> None:
    with any_house.db.transaction() as session:
        assert raise_alarm(session, Event.ALERT_PAUSED, "paused", again=True)
        assert raise_alarm(session, Event.ALERT_PAUSED, "paused", again=True)
    assert [number for _, number, _, _ in noted(any_house)] == [1, 2]


def test_words_are_no_longer_than_their_column(any_house: House) -> None:
    with any_house.db.transaction() as session:
        raise_alarm(session, SILENT, "x" * 1000)
    assert [len(words) for *_, words in noted(any_house)] == [500]


@pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)
def test_two_that_notice_the_same_at_once_note_it_once(any_house: House) -> None:
    told: list[bool] = []

    def notice_too() -> None:
        with any_house.db.transaction() as session:
            told.append(raise_alarm(session, SILENT, "silent"))

    other = threading.Thread(target=notice_too)
    with any_house.db.transaction() as session:
        told.append(raise_alarm(session, SILENT, "silent"))
        other.start()
        time.sleep(0.3)  # until it waits for us
    other.join(20)
    assert sorted(told) == [False, True]
    assert len(noted(any_house)) == 1
