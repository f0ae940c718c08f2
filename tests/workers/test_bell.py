"""Alarms from a worker: told in a thread of its own, whatever whoever is told does."""

import logging
from collections.abc import Iterator

import pytest
from conftest import OpenHouse
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Alarm
from dispatcher.rules.alarms import Event
from dispatcher.usecases.alarms.note import raise_alarm
from fakes.chat import ChatServer
from servers.processes import wait_until
from workers.bell import Bell


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture
def house(open_house_with: OpenHouse, chat: ChatServer) -> House:
    """A house with something to tell."""
    house = open_house_with(alarm_url=chat.url)
    with house.db.transaction() as session:
        raise_alarm(session, Event.ALERT_PAUSED, "Alert 3 has paused.", subject="alert 3 refused")
    return house


def tries(house: House) -> list[int]:
    with house.db.reading() as session:
        return list(session.scalars(select(Alarm.tries)))


def test_what_was_noted_is_told_however_often_it_rings(house: House, chat: ChatServer) -> None:
    bell = Bell()
    bell.ring(house)
    bell.ring(house)
    wait_until(lambda: chat.posted)
    bell.ring(house)
    assert [posted["words"] for posted in chat.posted] == ["Alert 3 has paused."]
    assert tries(house) == [1]


def test_who_cannot_be_told_is_in_the_log_without_the_address(
    house: House, chat: ChatServer, caplog: pytest.LogCaptureFixture
) -> None:
    chat.answer(500)
    with caplog.at_level(logging.WARNING):
        Bell().ring(house)
        wait_until(lambda: caplog.messages)
    assert caplog.messages == [
        "An alarm couldn't be told by DISPATCH_ALARM_URL: 127.0.0.1 answered 500. It is tried again."
    ]


def test_a_trouble_in_telling_ends_nothing(
    house: House, chat: ChatServer, caplog: pytest.LogCaptureFixture
) -> None:
    with house.db.transaction() as session:  # an alarm that this release doesn't know
        session.connection().exec_driver_sql("UPDATE alarms SET event = 'from_the_future', over = 1")
    with caplog.at_level(logging.WARNING):
        Bell().ring(house)
        wait_until(lambda: caplog.messages)
    assert caplog.messages == ["Alarms couldn't be told (LookupError); the next sweep tries again."]
    assert chat.posted == []
