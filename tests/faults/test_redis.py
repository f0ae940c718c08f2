"""A queue that loses everything: it holds nothing but wake-ups, limits and who is alive."""

import time
from collections.abc import Iterator

import pytest

from faults.own_servers import OwnRedis
from faults.scene import MakeScene, Scene, Times

_LIMIT = "150/s"  # so that the limiter is asked too
_SLOTS_IN_HAND = 1.5  # seconds for which it may have granted slots before it was gone


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    with OwnRedis() as server:
        yield server


@pytest.fixture
def under_way(scene_with: MakeScene, redis: OwnRedis) -> Scene:
    """An alert that is being sent through a limit."""
    scene = scene_with(redis_url=redis.url, rate_email=_LIMIT)
    scene.open(600)
    scene.worker()
    scene.until_more(50)
    return scene


def test_a_redis_that_is_killed_and_comes_back_empty_costs_nothing(
    under_way: Scene, redis: OwnRedis, times: Times
) -> None:
    for _ in range(times(2, 4)):
        redis.kill()
        redis.start()
        under_way.until_more(50)
    under_way.settle()
    under_way.judge(uncertain=0)


def test_a_redis_that_forgets_everything_midway_costs_nothing(
    under_way: Scene, redis: OwnRedis, times: Times
) -> None:
    for _ in range(times(3, 6)):
        redis.forget_everything()
        under_way.until_more(50)
    under_way.settle()
    under_way.judge(uncertain=0)


def test_a_redis_that_is_away_for_a_while_delays_and_costs_nothing(
    under_way: Scene, redis: OwnRedis, times: Times
) -> None:
    redis.kill()
    time.sleep(_SLOTS_IN_HAND)
    before = len(under_way.taken())
    time.sleep(times(4, 29))
    assert len(under_way.taken()) == before  # without the limiter nothing goes
    redis.start()
    under_way.settle()
    under_way.judge(uncertain=0)
