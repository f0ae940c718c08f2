"""How to stop: said in the first text to a number, and again after thirty days."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Message, StopTold, Subscriber
from dispatcher.rules.stop_line import EVERY
from dispatcher.usecases.forget import forget
from dispatcher.usecases.stop_line import note_told, stop_due

NOW = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def texts(any_house: House, tmp_path: Path) -> list[int]:
    """The ids of three texts."""
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    return [message.id for message in messages_of(any_house) if message.channel == "sms"]


def due(house: House, at: datetime | None = None) -> list[bool]:
    """Whether each person's number must be told, by id."""
    with house.db.reading() as session:
        is_due = stop_due(Subscriber.phone_key.expression, at)
        people = session.execute(select(Subscriber.id, is_due).order_by(Subscriber.id))
        return [bool(due) for _, due in people]


@pytest.mark.usefixtures("texts")
def test_a_number_that_was_never_told_is_to_be_told(any_house: House) -> None:
    assert due(any_house) == due(any_house, NOW) == [True, True, True]


def test_a_number_that_was_told_needs_it_again_after_thirty_days(any_house: House, texts: list[int]) -> None:
    with any_house.db.transaction() as session:
        note_told(session, texts[:2])
    assert due(any_house) == [False, False, True]
    with any_house.db.transaction() as session:
        session.execute(update(StopTold).values(told_at=NOW))
    assert due(any_house, NOW + EVERY - timedelta(seconds=1)) == [False, False, True]
    assert due(any_house, NOW + EVERY) == [True, True, True]


def test_the_last_time_counts(any_house: House, texts: list[int]) -> None:
    with any_house.db.transaction() as session:
        note_told(session, texts)
        session.execute(update(StopTold).values(told_at=db_now(-31 * 86_400)))
        note_told(session, texts[2:])
    assert due(any_house) == [True, True, False]


def test_a_number_that_shares_its_texts_is_told_once(any_house: House, texts: list[int]) -> None:
    with any_house.db.transaction() as session:
        first = select(Message.address_key).where(Message.id == texts[0]).scalar_subquery()
        person = update(Subscriber).where(Subscriber.id == 2)
        session.execute(person.values(phone_key=first))
        note_told(session, texts[:1])
    assert due(any_house) == [False, False, True]


def test_nothing_told_changes_nothing(any_house: House) -> None:
    with any_house.db.transaction() as session:
        note_told(session, [])
        assert session.scalars(select(StopTold)).all() == []


def test_who_is_forgotten_leaves_no_moment_behind(any_house: House, texts: list[int]) -> None:
    with any_house.db.transaction() as session:
        note_told(session, texts)
        forget(session, any_house.keys, "1")
    with any_house.db.reading() as session:
        assert len(session.scalars(select(StopTold)).all()) == 2
