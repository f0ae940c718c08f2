"""Somebody on the list daca who writes to us, and staff who answer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import OpenHouse
from people import add_list, add_person
from postbox import Arrived, Postbox, hand_over_notices
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Notice, Reply, Subscriber
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.usecases.replies.answering import send_answer
from dispatcher.usecases.replies.keeping import keep_reply
from dispatcher.usecases.replies.reading import Conversation, read_reply

EMAIL, PHONE = "rosa@example.org", "+13125550142"


@dataclass
class ReplyDesk:
    """One house; everything of it goes to the outbox."""

    house: House
    box: Postbox

    def write(
        self,
        words: str = "Can I still renew?",
        *,
        channel: Channel = Channel.SMS,
        tier: Tier = Tier.LOOK,
        address: str = "",
        reference: str = "",
        answerable: bool = True,
    ) -> int:
        """Somebody writes to us; the reply's number, 0 when it isn't kept."""
        key = self.house.keys.address_key(address or {Channel.SMS: PHONE, Channel.EMAIL: EMAIL}[channel])
        with self.house.db.transaction() as session:
            held = select(Subscriber).where(address_key(channel) == key).order_by(Subscriber.id)
            reply = keep_reply(
                session,
                self.house.keys,
                channel=channel,
                address_key=key,
                words=words,
                tier=tier,
                people=session.scalars(held).all(),
                reference=reference,
                answerable=answerable,
            )
            return reply.id if reply else 0

    def answer(self, number: int, words: str = "Yes, until May.", *, seen: int = 0) -> None:
        with self.house.db.transaction() as session:
            send_answer(session, self.house.keys, number, words, author="maria", seen=seen)

    def arrived(self) -> list[Arrived]:
        """What a worker hands over now."""
        hand_over_notices(self.house)
        return self.box.new()

    def read(self, number: int) -> Conversation:
        with self.house.db.reading() as session:
            return read_reply(session, number)

    def notices(self) -> list[Notice]:
        with self.house.db.reading() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))

    def replies(self) -> list[Reply]:
        with self.house.db.reading() as session:
            return list(session.scalars(select(Reply).order_by(Reply.id)))


@pytest.fixture
def replies(any_house: House, tmp_path: Path) -> ReplyDesk:
    """On SQLite and on PostgreSQL."""
    return _desk(any_house, tmp_path)


@pytest.fixture
def desk(house: House, tmp_path: Path) -> ReplyDesk:
    """On SQLite alone."""
    return _desk(house, tmp_path)


@pytest.fixture
def desk_with(open_house_with: OpenHouse, tmp_path: Path) -> Callable[..., ReplyDesk]:
    """In a house of one's own settings."""
    return lambda **given: _desk(open_house_with(**given), tmp_path)


def _desk(house: House, folder: Path) -> ReplyDesk:
    """With Rosa, who reads Spanish and is on the list by email and by text."""
    add_list(house)
    add_person(house, email=EMAIL, phone=PHONE, language="es", first_name="Rosa", quiet_zones="Etc/UTC")
    return ReplyDesk(house, Postbox(folder / "var" / "outbox"))
