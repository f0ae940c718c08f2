"""The chunks that a turn holds, and what it does when the database isn't there or doesn't answer."""

from pathlib import Path

import pytest
from campaigns import frozen_campaign, real, send, write_campaign
from people import add_list, add_people
from town import Town

from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import parse_service_url
from dispatcher.usecases.deliver.books import Books
from dispatcher.usecases.deliver.hands import Hands


def open_for(town: Town, people: int) -> Hands:
    """An alert for so many people, and hands that hold nothing yet."""
    add_people(town.house, people, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    return Hands(town.house, town.email, Channel.EMAIL)


def test_a_chunk_that_was_leased_while_the_turn_closed_is_left(town: Town) -> None:
    hands = open_for(town, 3)
    leased = hands.lease()
    hands.leave_all(0.0)
    hands.take(leased)
    assert [chunk.done for chunk in hands.chunks] == [True]
    assert not hands.has_work


@pytest.fixture
def file_town(house: House, redis_url: str) -> Town:
    """A town whose database is a file, which can be taken away."""
    add_list(house)
    write_campaign(Path.cwd())
    return Town(house, Limiter(parse_service_url(redis_url)))


def test_a_database_that_is_away_costs_nothing_that_is_in_our_hands(file_town: Town) -> None:
    hands = open_for(file_town, 3)
    hands.take(hands.lease())
    (chunk,) = hands.chunks
    path = Path(file_town.house.db.url.database or "")
    file_town.house.db.close()
    path.rename(path.with_suffix(".away"))
    assert chunk.read_page() == []
    assert hands.lease() is None
    file_town.house.db.close()
    path.with_suffix(".away").replace(path)
    assert len(chunk.read_page()) == 3


def test_an_intent_whose_commit_was_not_answered_is_taken_back_and_goes_once(town: Town) -> None:
    hands, books = open_for(town, 3), Books(town.house, town.limiter)
    hands.take(hands.lease())
    (chunk,) = hands.chunks
    chunk.take_page(chunk.read_page())
    while chunk.prepare_one():
        pass
    slots = chunk.grant(town.limiter, 8, 0.5)
    entry = books.entry(hands.chunks, [(chunk, slots)])
    assert books.write(entry) == [{ready.due.message_id for _, ready in slots}]  # and nobody hears of it
    assert books.write(entry) == [set()]
    chunk.under_way = 0
    chunk.leave()
    books.write(books.entry(hands.chunks, []))
    assert town.statuses() == {"queued": 3}
    town.turn()
    assert town.statuses() == {"sent": 3}
    assert len(town.email.taken) == 3
