"""The watch of a process that isn't a worker."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import delete, update

from dispatcher.crew import Crew, this_worker
from dispatcher.db import db_now
from dispatcher.errors import DatabaseBusy, DatabaseUnreachable, DiskFull, DispatchError
from dispatcher.house import House
from dispatcher.models import Alert, Chunk, DailyUse, Message
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.usecases.alarms.lookout import Lookout, no_database, work_is_overdue
from dispatcher.usecases.alarms.tell import Failure
from fakes.chat import ChatServer

PRACTICE = dict.fromkeys(Channel, True)  # the kind of senders that the settings have


@pytest.fixture
def town(
    open_house_with: OpenHouse, any_database_url: str, redis_url: str, chat: ChatServer, tmp_path: Path
) -> House:
    """A house on a Redis of its own, with an alert to two people, whose alarms are posted to `chat`."""
    house = open_house_with(database_url=any_database_url, redis_url=redis_url, alarm_url=chat.url)
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 2)
    send(house, opening(frozen_campaign(), channels=[Channel.EMAIL]))
    return house


def overdue(house: House) -> None:
    with house.db.transaction() as session:
        session.execute(update(Chunk).values(due_at=db_now(-60)))


def look(house: House, times: int = 1, *, patience: float = 0.0) -> list[Failure]:
    lookout = Lookout(house, patience=patience)
    return [failure for _ in range(times) for failure in lookout.look()]


def told(chat: ChatServer) -> list[tuple[str, bool]]:
    return [(posted["event"], posted["over"]) for posted in chat.posted]


def test_due_work_without_any_worker_is_told_once_and_so_is_the_first_worker(
    town: House, chat: ChatServer
) -> None:
    overdue(town)
    assert look(town, times=3) == []
    look(town)  # another process that watches too
    assert told(chat) == [("no_worker", False)]
    assert "dispatch worker" in chat.posted[0]["words"]
    crew = Crew(redis_of(town.settings))
    crew.say_alive(this_worker(concurrency=2))
    crew.close()
    look(town, times=2)
    assert told(chat) == [("no_worker", False), ("no_worker", True)]


def test_a_worker_that_is_only_restarted_is_no_alarm(town: House, chat: ChatServer) -> None:
    overdue(town)
    look(town, times=3, patience=3600)
    assert chat.posted == []


def test_without_overdue_work_nobody_misses_a_worker(town: House, chat: ChatServer) -> None:
    look(town, times=2)
    assert chat.posted == []


def everything_put_back(house: House) -> None:
    with house.db.transaction() as session:
        session.execute(delete(Chunk))
        session.execute(update(Message).values(chunk_number=None, due_at=db_now(-60)))


def scheduled(house: House) -> None:
    with house.db.transaction() as session:
        session.execute(update(Chunk).values(open=False))
        session.execute(update(Alert).values(state=AlertState.SCHEDULED, starts_at=db_now(-60)))


def paused(house: House) -> None:
    overdue(house)
    with house.db.transaction() as session:
        session.execute(update(Alert).values(state=AlertState.PAUSED))


def opened_for_real(house: House) -> None:
    overdue(house)
    with house.db.transaction() as session:
        session.execute(update(Alert).values(practice=False))


def used_up_for_today(house: House) -> None:
    overdue(house)
    with house.db.transaction() as session:
        session.add(DailyUse(channel=Channel.EMAIL, used=5, allowed=5, ends_at=db_now(3600)))


@pytest.mark.parametrize(
    ("change", "is_overdue"),
    [
        (overdue, True),
        (everything_put_back, True),
        (scheduled, True),
        (lambda _: None, False),
        (paused, False),
        (opened_for_real, False),  # by other senders than ours
        (used_up_for_today, False),
    ],
)
def test_work_is_overdue_in_a_chunk_put_back_or_scheduled(
    town: House, change: Callable[[House], None], is_overdue: bool
) -> None:
    change(town)
    with town.db.reading() as session:
        assert work_is_overdue(session, PRACTICE) is is_overdue


def test_on_one_machine_the_worker_in_the_background_is_looked_for(
    open_house_with: OpenHouse, chat: ChatServer, tmp_path: Path
) -> None:
    house = open_house_with(alarm_url=chat.url)
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 2)
    send(house, opening(frozen_campaign()))
    overdue(house)
    look(house)
    assert told(chat) == [("no_worker", False)]


def test_a_redis_that_is_away_is_told_and_nobody_is_said_to_be_missing(
    open_house_with: OpenHouse, redis_url: str, town: House, chat: ChatServer
) -> None:
    overdue(town)
    given = {"database_url": town.settings.database_url, "alarm_url": chat.url}
    look(open_house_with(**given, redis_url="redis://127.0.0.1:1"), times=2)
    assert told(chat) == [("queue_away", False)]
    crew = Crew(redis_of(town.settings))
    crew.say_alive(this_worker(concurrency=2))
    crew.close()
    look(open_house_with(**given, redis_url=redis_url), times=2)
    assert told(chat) == [("queue_away", False), ("queue_away", True)]


def test_a_database_that_is_away_is_told_without_it(
    open_house_with: OpenHouse, chat: ChatServer, tmp_path: Path
) -> None:
    house = open_house_with(alarm_url=chat.url)
    lookout = Lookout(house, patience=0)
    assert list(lookout.look()) == []
    house.db.close()
    (tmp_path / "var").rename(tmp_path / "elsewhere")
    chat.answer(500)  # and is tried again
    assert list(lookout.look()) == [Failure("DISPATCH_ALARM_URL", "127.0.0.1 answered 500")]
    assert list(lookout.look()) == []
    assert list(lookout.look()) == []
    (tmp_path / "elsewhere").rename(tmp_path / "var")
    assert list(lookout.look()) == []
    assert list(lookout.look()) == []
    assert told(chat) == [("database_away", False), ("database_away", True)]
    assert str(tmp_path) not in str(chat.posted)


def test_a_database_that_is_away_for_a_moment_is_no_alarm(
    open_house_with: OpenHouse, chat: ChatServer, tmp_path: Path
) -> None:
    house = open_house_with(alarm_url=chat.url)
    lookout = Lookout(house, patience=3600)
    house.db.close()
    (tmp_path / "var").rename(tmp_path / "elsewhere")
    assert list(lookout.look()) == []
    (tmp_path / "elsewhere").rename(tmp_path / "var")
    assert list(lookout.look()) == []
    assert chat.posted == []


def test_a_locked_database_is_told_too(open_house_with: OpenHouse, chat: ChatServer, tmp_path: Path) -> None:
    open_house_with()
    url = f"sqlite:///{tmp_path}/var/dispatch.db?timeout=0.1"
    house = open_house_with(database_url=url, alarm_url=chat.url)
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 2)
    send(house, opening(frozen_campaign()))
    overdue(house)  # so that there is something to note
    locked, free = threading.Event(), threading.Event()

    def lock() -> None:
        with house.db.transaction():
            locked.set()
            free.wait(20)

    holder = threading.Thread(target=lock)
    holder.start()
    locked.wait(20)
    look(house)
    free.set()
    holder.join(20)
    assert told(chat) == [("database_away", False)]
    assert chat.posted[0]["words"].startswith("Somebody keeps the database locked")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DiskFull(where="/srv/dispatch.db"), "There is no room left on the database's disk"),
        (DatabaseBusy(where="/srv/dispatch.db"), "Somebody keeps the database locked"),
        (DatabaseUnreachable(where="postgresql://u@db/x", reason="no"), "The database can't be reached"),
    ],
)
def test_what_is_told_of_a_database_names_neither_it_nor_its_machine(
    error: DispatchError, words: str
) -> None:
    told_words = no_database(error)
    assert told_words.startswith(words)
    assert "nothing is lost" in told_words
    assert "db" not in told_words
