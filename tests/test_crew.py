"""The crew, on a real Redis."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
import redis

from dispatcher.crew import Crew, LiveWorker, live_workers, seats, this_worker
from dispatcher.errors import QueueUnreachable
from dispatcher.rules.alert import Channel
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import parse_service_url
from dispatcher.settings import load_settings

FOUR = LiveWorker("here.example", 100, 4, since=1.0)
TWO = LiveWorker("there.example", 100, 2, since=2.0)


@pytest.fixture
def crew(redis_url: str) -> Iterator[Crew]:
    with closing(Crew(parse_service_url(redis_url))) as crew:
        yield crew


@pytest.fixture
def server(redis_url: str) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.mark.parametrize(
    ("rate", "processes", "other_due", "expected"),
    [
        (None, 4, False, 4),  # nothing to wait for: everybody
        (None, 4, True, 3),  # but one for the other channel
        (Rate(1, 1), 8, False, 1),  # one waits as well as eight
        (Rate(20, 1), 8, False, 3),
        (Rate(100, 1), 4, False, 4),
        (Rate(100, 1), 2, True, 1),
        (Rate(2000, 86400), 2, True, 1),
        (Rate(1, 1), 1, True, 1),  # a single process serves both in turn
    ],
)
def test_processes_are_shared_out_by_need(
    rate: Rate | None, processes: int, other_due: bool, expected: int
) -> None:
    assert seats(rate, processes, other_due=other_due) == expected


def test_only_as_many_sit_down_as_there_are_seats(crew: Crew) -> None:
    crew.say_alive(FOUR)
    with ExitStack() as sitting:
        taken = [sitting.enter_context(crew.seat(Channel.SMS, Rate(10, 1))) for _ in range(3)]
        assert [seat is not None for seat in taken] == [True, True, False]
    with crew.seat(Channel.SMS, Rate(10, 1)) as seat:
        assert seat is not None


def test_with_two_processes_each_channel_gets_one(crew: Crew) -> None:
    crew.say_alive(TWO)
    for channel in Channel:
        crew.say_due(channel)
    with crew.seat(Channel.EMAIL, None) as email, crew.seat(Channel.EMAIL, None) as second:
        assert email is not None
        assert second is None
        with crew.seat(Channel.SMS, Rate(1, 1)) as sms:
            assert sms is not None


def test_a_seat_of_a_killed_process_becomes_free(crew: Crew, server: "redis.Redis") -> None:
    with crew.seat(Channel.SMS, Rate(1, 1)):
        assert 0 < server.pttl("dispatch:seats:sms") <= 5000


def test_a_seat_that_is_kept_stays_ours(crew: Crew, server: "redis.Redis") -> None:
    with crew.seat(Channel.SMS, Rate(1, 1)) as seat:
        assert seat is not None
        server.delete("dispatch:seats:sms")  # as it expires
        seat.keep()
        assert not server.exists("dispatch:seats:sms"), "asked too early for Redis to be troubled"
        time.sleep(2)
        seat.keep()
        assert server.exists("dispatch:seats:sms")
    assert not server.exists("dispatch:seats:sms")


def test_live_workers_are_listed_until_they_say_that_they_are_gone(crew: Crew, redis_url: str) -> None:
    settings = load_settings(redis_url=redis_url)
    assert live_workers(settings) == []
    crew.say_alive(TWO)
    crew.say_alive(FOUR)
    assert live_workers(settings) == [FOUR, TWO]
    assert crew.processes() == 6
    crew.say_gone(FOUR)
    assert live_workers(settings) == [TWO]


def test_a_worker_that_was_killed_is_forgotten(crew: Crew, server: "redis.Redis") -> None:
    worker = this_worker(2)
    crew.say_alive(worker)
    (key,) = server.scan_iter("dispatch:worker:*")
    assert 0 < server.pttl(key) <= 10_000
    server.delete(key)  # as it expires
    assert crew.live_workers() == []
    assert server.scard("dispatch:workers") == 0


def test_of_many_workers_one_asks_for_the_next_sweep(crew: Crew, server: "redis.Redis") -> None:
    assert [crew.may_sweep() for _ in range(5)] == [True, False, False, False, False]
    crew.swept()
    assert not crew.may_sweep()
    assert 0 < server.pttl("dispatch:sweep") <= 1000


def test_without_redis_the_crew_says_so() -> None:
    with closing(Crew(parse_service_url("redis://127.0.0.1:1"))) as crew:
        for question in (crew.live_workers, crew.may_sweep, crew.swept):
            with pytest.raises(QueueUnreachable, match=r"127\.0\.0\.1:1"):
                question()
