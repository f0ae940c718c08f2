"""A post office for notices: the memory sender, a free limiter, and the words of tests."""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import OpenHouse
from notice_words import FACTS, write_notice_words
from sqlalchemy import select, update

from dispatcher.channels.memory import MemorySender
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.models import Notice
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState
from dispatcher.usecases.notices.queueing import queue_notice
from dispatcher.usecases.notices.sending import send_notices

WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}
ADDRESSES = {Channel.EMAIL: "Rosa@mail.us", Channel.SMS: "312-555-0142"}


@dataclass
class PostOffice:
    """One house's notices on one channel."""

    house: House
    channel: Channel
    sender: MemorySender
    limiter: Limiter

    def queue(self, kind: str = "hello", to: str = "", **more: Any) -> bool:
        """Queue one; whether it was."""
        facts: Mapping[str, str] = FACTS
        with self.house.db.transaction() as session:
            return queue_notice(
                session,
                self.house.keys,
                channel=self.channel,
                address=to or ADDRESSES[self.channel],
                kind=kind,
                language="en",
                facts=facts,
                **more,
            )

    def send(self, seconds: float = 5.0) -> bool:
        """Send what is due; whether there is more."""
        return send_notices(self.house, self.channel, self.sender, self.limiter, lambda: False, seconds)

    def rows(self) -> list[Notice]:
        """Every notice, oldest first."""
        with self.house.db.reading() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))

    @property
    def states(self) -> list[NoticeState]:
        return [row.state for row in self.rows()]

    def change(self, **values: Any) -> None:
        """As time, or a crash, would."""
        with self.house.db.transaction() as session:
            session.execute(update(Notice).values(**values))

    def age(self, seconds: float) -> None:
        """Make every notice so many seconds older."""
        self.change(created_at=db_now(-seconds), due_at=db_now(-seconds))


@pytest.fixture(autouse=True)
def _words(tmp_path: Path) -> None:
    write_notice_words(tmp_path)


@pytest.fixture
def office(open_house_with: OpenHouse) -> Iterator[Callable[..., PostOffice]]:
    """Open post offices, in houses of one's own settings, on SQLite."""
    with ExitStack() as opened:

        def open_one(channel: Channel = Channel.EMAIL, *, real: bool = False, **given: Any) -> PostOffice:
            house = open_house_with(**{**WHO, **given})
            sender = MemorySender(channel, beyond_loopback=real)
            limiter = Limiter(redis_of(house.settings))
            opened.callback(sender.close)
            opened.callback(limiter.close)
            return PostOffice(house, channel, sender, limiter)

        yield open_one


@pytest.fixture
def any_office(office: Callable[..., PostOffice], any_database_url: str) -> Callable[..., PostOffice]:
    """The same on SQLite and on PostgreSQL."""
    return functools.partial(office, database_url=any_database_url)
