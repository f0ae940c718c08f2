"""A chat that alarms are posted to, and a house that posts them there."""

from collections.abc import Iterator

import pytest
from conftest import OpenHouse

from dispatcher.house import House
from fakes.chat import ChatServer


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture
def alarmed(open_house_with: OpenHouse, any_database_url: str, chat: ChatServer) -> House:
    """A house that posts its alarms to `chat`, on SQLite and on PostgreSQL."""
    return open_house_with(database_url=any_database_url, alarm_url=chat.url)
