"""A house with a mailbox, Maria, and an email that went to her."""

from collections.abc import Callable, Iterator

import pytest
from mailbox_desk import US, Desk, mailbox_desk

from dispatcher.house import House
from fakes.imap import ImapServer

OpenHouse = Callable[..., House]


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


@pytest.fixture
def desk(open_house_with: OpenHouse, server: ImapServer) -> Desk:
    return mailbox_desk(open_house_with(mailbox_url=server.url(), **US), server)


@pytest.fixture
def any_desk(open_house_with: OpenHouse, any_database_url: str, server: ImapServer) -> Desk:
    """The same, on SQLite and on PostgreSQL."""
    house = open_house_with(mailbox_url=server.url(), database_url=any_database_url, **US)
    return mailbox_desk(house, server)
