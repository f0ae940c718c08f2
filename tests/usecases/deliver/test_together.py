"""Several workers at one database at the same moment."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from campaigns import frozen_campaign, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import select, update
from town import Town

from dispatcher.channels.memory import MemorySender
from dispatcher.db import db_now
from dispatcher.errors import DatabaseBusy
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.models import Chunk, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import parse_service_url
from dispatcher.usecases import steer
from dispatcher.usecases.deliver.books import Books
from dispatcher.usecases.deliver.in_hand import ChunkInHand
from dispatcher.usecases.deliver.lease import lease_chunk
from dispatcher.usecases.deliver.pages import occasion_of
from dispatcher.usecases.deliver.regroup import regroup
from fakes.messages import email
from servers.processes import wait_until

on_postgresql = pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)


def open_with(town: Town, people: int) -> int:
    add_people(town.house, people, channels=[Channel.EMAIL])
    return send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL])).alert_id


@on_postgresql
def test_a_worker_passes_over_what_another_is_just_taking(town: Town) -> None:
    open_with(town, 2)
    with town.house.db.transaction() as first, town.house.db.transaction() as second:
        assert lease_chunk(first, Channel.EMAIL, 60, practice=False) is not None
        assert lease_chunk(second, Channel.EMAIL, 60, practice=False) is None


@on_postgresql
def test_two_sweeps_put_a_message_into_one_chunk(town: Town) -> None:
    open_with(town, 3)
    with town.house.db.transaction() as session:
        session.execute(update(Message).values(chunk_number=None, due_at=db_now(-1)))
        session.execute(update(Chunk).values(open=False))
    held: list[int] = []

    def sweep_too() -> None:
        with town.house.db.transaction() as session:
            held.append(regroup(session))

    other = threading.Thread(target=sweep_too)
    with town.house.db.transaction() as session:
        held.append(regroup(session))
        other.start()
        time.sleep(0.3)  # until it waits for our lock
    other.join(20)
    assert sorted(held) == [0, 3]
    with town.house.db.reading() as session:
        assert session.scalars(select(Chunk.size).where(Chunk.open)).all() == [3]


def test_an_alert_that_is_paused_right_after_the_lease_sends_nothing(town: Town) -> None:
    alert_id = open_with(town, 3)

    def pause_meanwhile() -> bool:
        if town.leased():
            with town.house.db.transaction() as session:
                steer.pause(session, alert_id)
        return False

    town.stop = pause_meanwhile
    town.turn()
    assert town.email.taken == []
    assert town.leased() == 0
    assert town.statuses() == {"queued": 3}


def test_a_chunk_whose_alert_was_paused_while_it_was_leased_is_given_back(town: Town) -> None:
    alert_id = open_with(town, 3)
    with town.house.db.transaction() as session:
        lease = lease_chunk(session, Channel.EMAIL, 60, practice=False)
        assert lease is not None
        steer.pause(session, alert_id)
        assert occasion_of(session, lease) is None
    assert ChunkInHand(town.house, town.email, lease, None).done


def locked_while_sending(house: House, seconds: float) -> MemorySender:
    """A sender during whose first message somebody else locks the database for a while."""
    locked, free = threading.Event(), threading.Event()

    def lock() -> None:
        with house.db.transaction():
            locked.set()
            free.wait(20)

    def lock_once(*_: object) -> None:
        if not locked.is_set():
            threading.Thread(target=lock).start()
            locked.wait(20)
            threading.Timer(seconds, free.set).start()

    return MemorySender(Channel.EMAIL, connections=1, at=lock_once)


def impatient_town(open_house_with: OpenHouse, redis_url: str, folder: Path, lease_seconds: float) -> Town:
    """A town whose database gives up after a tenth of a second."""
    open_house_with()
    url = f"sqlite:///{folder}/var/dispatch.db?timeout=0.1"
    house = open_house_with(database_url=url, lease_seconds=lease_seconds)
    add_list(house)
    write_campaign(folder)
    town = Town(house, Limiter(parse_service_url(redis_url)))
    open_with(town, 4)
    return town


def test_answers_outlast_a_database_that_is_away_for_a_while(
    open_house_with: OpenHouse, redis_url: str, tmp_path: Path
) -> None:
    town = impatient_town(open_house_with, redis_url, tmp_path, lease_seconds=60)
    town.email = locked_while_sending(town.house, 0.8)
    town.turn()
    assert town.statuses() == {"sent": 4}
    assert len(set(town.email.recipients)) == len(town.email.recipients) == 4


def test_answers_outlast_a_database_that_is_away_for_longer_than_the_lease(
    open_house_with: OpenHouse, redis_url: str, tmp_path: Path
) -> None:
    town = impatient_town(open_house_with, redis_url, tmp_path, lease_seconds=2)
    town.email = locked_while_sending(town.house, 3.5)
    town.turn(seconds=1.5)
    assert town.statuses() == {"sent": 1, "queued": 3}
    assert len(town.email.taken) == 1


def test_a_database_that_never_comes_back_ends_the_turn_in_the_end(
    open_house_with: OpenHouse, redis_url: str, tmp_path: Path
) -> None:
    town = impatient_town(open_house_with, redis_url, tmp_path, lease_seconds=1)
    entry = replace(Books(town.house, town.limiter).entry([], []), until=time.monotonic() - 3600)
    town.email = locked_while_sending(town.house, 1.0)
    list(town.email.send([email()], time.monotonic() + 60))
    with pytest.raises(DatabaseBusy):
        Books(town.house, town.limiter).write(entry)
    wait_until(lambda: may_write(town.house))


def may_write(house: House) -> bool:
    try:
        with house.db.transaction():
            return True
    except DatabaseBusy:
        return False
