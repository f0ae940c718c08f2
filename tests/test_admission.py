"""Who may come in, on a real Redis."""

from collections.abc import Iterator

import pytest
import redis

from dispatcher.admission import Admission, Counter
from dispatcher.errors import LimiterUnavailable
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import parse_service_url

THREE = Counter("three", 3, Rate(3, 86400))
TWO = Counter("two", 2, Rate(2, 86400))
QUICK = Counter("quick", 2, Rate(50, 1))


@pytest.fixture
def admission(redis_url: str) -> Iterator[Admission]:
    door = Admission(parse_service_url(redis_url))
    yield door
    door.close()


def test_a_burst_comes_in_and_no_more(admission: Admission) -> None:
    assert [admission.admit([THREE]) for _ in range(5)] == [True, True, True, False, False]


def test_who_is_refused_by_one_counter_is_counted_by_none(admission: Admission) -> None:
    assert [admission.admit([THREE, TWO]) for _ in range(4)] == [True, True, False, False]
    assert [admission.admit([THREE]) for _ in range(2)] == [True, False]


def test_a_counter_empties_with_time(admission: Admission, redis_url: str) -> None:
    while admission.admit([QUICK]):
        pass
    with redis.Redis.from_url(redis_url) as client:
        assert 0 < client.pttl("dispatch:asked:quick") <= 40
        client.delete("dispatch:asked:quick")
    assert admission.admit([QUICK])


def test_without_counters_everybody_comes_in(admission: Admission) -> None:
    assert admission.admit([])


def test_without_redis_nobody_does() -> None:
    away = Admission(parse_service_url("redis+socket:///tmp/nobody-listens-here.sock"))
    with pytest.raises(LimiterUnavailable, match="can't be reached"):
        away.admit([THREE])
