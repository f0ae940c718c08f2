"""The limiter, on a real Redis. Slots are compared on Redis's own clock, never on this machine's."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import redis

from dispatcher.embedded import Embedded
from dispatcher.errors import LimiterUnavailable
from dispatcher.limiter import Grant, Lane, Limiter
from dispatcher.redis_client import redis_of
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import parse_service_url
from dispatcher.settings import load_settings

TEN = Lane("provider:email", Rate(10, 1))
HUNDRED = Lane("provider:sms", Rate(100, 1))
ODD = Lane("provider:odd", Rate(3.75, 1))
ONE = Lane("domain:slow.example", Rate(1, 1))
MINUTE = 60.0  # a horizon that lets a test look far ahead without waiting


@pytest.fixture
def fresh_limiter(redis_url: str) -> Iterator[Limiter]:
    limiter = Limiter(parse_service_url(redis_url))
    yield limiter
    limiter.close()


@pytest.fixture
def limiter(fresh_limiter: Limiter) -> Limiter:
    """A limiter whose lanes have been in use."""
    for lane in (TEN, HUNDRED, ODD, ONE):
        fresh_limiter.reserve([lane], [1], horizon=0)
    return fresh_limiter


@pytest.fixture
def server(redis_url: str) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


def slots(grant: Grant) -> list[int]:
    """When each message goes, in microseconds on Redis's clock."""
    return [round((grant.at + delay) * 1_000_000) for delay in grant.delays]


def most_in_a_second(moments: list[int]) -> int:
    """The largest number of moments in any second, wherever it begins."""
    ordered = sorted(moments)
    return max(sum(first <= moment < first + 1_000_000 for moment in ordered) for first in ordered)


def test_messages_leave_exactly_one_interval_apart(limiter: Limiter) -> None:
    granted = slots(limiter.reserve([TEN], [1] * 50, horizon=MINUTE))
    assert {later - earlier for earlier, later in pairwise(granted)} == {100_000}


def test_a_rate_that_does_not_divide_a_second_is_never_exceeded(limiter: Limiter) -> None:
    granted = slots(limiter.reserve([ODD], [1] * 200, horizon=MINUTE))
    assert min(later - earlier for earlier, later in pairwise(granted)) == 266_667
    assert most_in_a_second(granted) == 4


@pytest.mark.usefixtures("limiter")
def test_many_threads_together_never_get_more_than_the_rate(redis_url: str) -> None:
    def work(_number: int) -> list[int]:
        own = Limiter(parse_service_url(redis_url))
        granted = [
            moment for _ in range(20) for moment in slots(own.reserve([HUNDRED], [1] * 5, horizon=MINUTE))
        ]
        own.close()
        return granted

    with ThreadPoolExecutor(8) as pool:
        granted = sorted(moment for part in pool.map(work, range(8)) for moment in part)
    assert len(granted) == 800
    assert {later - earlier for earlier, later in pairwise(granted)} == {10_000}


@pytest.mark.usefixtures("limiter")
def test_processes_share_one_limit(redis_url: str) -> None:
    program = f"""
from dispatcher.limiter import Lane, Limiter
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import parse_service_url
limiter = Limiter(parse_service_url({redis_url!r}))
for _ in range(25):
    grant = limiter.reserve([Lane("provider:sms", Rate(100, 1))], [1] * 4, horizon=60)
    for delay in grant.delays:
        print(round((grant.at + delay) * 1_000_000))
"""
    workers = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(3)]
    granted = sorted(int(line) for worker in workers for line in worker.communicate(timeout=60)[0].split())
    assert len(granted) == 300
    assert most_in_a_second(granted) == 100


def test_nothing_is_granted_beyond_the_horizon_and_the_grant_says_when(limiter: Limiter) -> None:
    grant = limiter.reserve([TEN], [1] * 40, horizon=1)
    assert len(grant.delays) == 9
    assert max(grant.delays) <= 0.9
    following = grant.delays[-1] + 0.1
    assert grant.wait == pytest.approx(following - 0.9, abs=1e-6)


def test_a_lane_that_was_idle_grants_at_once_but_no_burst(limiter: Limiter) -> None:
    time.sleep(0.1)  # ten intervals, which must not be saved up
    assert limiter.reserve([HUNDRED], [1] * 3).delays == [0, 0.01, 0.02]


@pytest.mark.parametrize("lane", [HUNDRED, TEN, ODD, ONE])
def test_a_lane_that_is_not_known_starts_when_all_that_was_granted_has_gone(
    lane: Lane, fresh_limiter: Limiter, server: "redis.Redis"
) -> None:
    assert fresh_limiter.reserve([lane], [1] * 3).delays == []
    before = slots(fresh_limiter.reserve([lane], [1] * 300, horizon=MINUTE))
    server.flushall()
    assert fresh_limiter.reserve([lane], [1], horizon=MINUTE).delays == []
    after = slots(fresh_limiter.reserve([lane], [1], horizon=2 * MINUTE))
    assert after[0] - before[-1] >= lane.interval


def test_a_second_holds_no_more_than_the_rate_across_a_flush(limiter: Limiter, server: "redis.Redis") -> None:
    before = slots(limiter.reserve([HUNDRED], [1] * 150))
    server.flushall()
    assert limiter.reserve([HUNDRED], [1] * 150).delays == []
    after = slots(limiter.reserve([HUNDRED], [1] * 150, horizon=MINUTE))
    assert len(before) >= 98
    assert len(after) > 100
    assert after[0] - before[-1] >= 10_000
    assert most_in_a_second(before + after) == 100


def test_a_forgotten_script_is_loaded_again(limiter: Limiter, server: "redis.Redis") -> None:
    server.script_flush()
    assert limiter.reserve([TEN], [1], horizon=5).delays


def test_a_long_text_takes_as_much_of_the_limit_as_it_has_segments(limiter: Limiter) -> None:
    first, second, third = slots(limiter.reserve([TEN], [3, 1, 1], horizon=MINUTE))
    assert (second - first, third - second) == (300_000, 100_000)


def test_a_message_that_costs_more_than_a_second_goes_and_leaves_debt(limiter: Limiter) -> None:
    large = limiter.reserve([ONE], [10], horizon=5)
    assert len(large.delays) == 1
    after = limiter.reserve([ONE], [1], horizon=MINUTE)
    assert slots(after)[0] - slots(large)[0] == 10_000_000


def test_a_message_waits_for_the_slowest_of_its_lanes(limiter: Limiter) -> None:
    granted = slots(limiter.reserve([HUNDRED, TEN], [1] * 5, horizon=MINUTE))
    assert {later - earlier for earlier, later in pairwise(granted)} == {100_000}


def test_a_slow_domain_does_not_hold_up_the_others(limiter: Limiter) -> None:
    slow = limiter.reserve([HUNDRED, ONE], [1] * 30, horizon=MINUTE)
    others = limiter.reserve([HUNDRED], [1], horizon=MINUTE)
    assert slow.delays[-1] >= 29
    # The 30 took 30 places of the provider's lane, not the 30 seconds that the domain needs for them.
    assert others.delays[0] < 0.4


def test_a_lane_that_is_not_the_bottleneck_keeps_within_the_documented_bound(limiter: Limiter) -> None:
    horizon = 2.0
    granted: list[int] = []
    while not (alone := limiter.reserve([HUNDRED], [1] * 7, horizon)).wait:
        granted += slots(alone) + slots(limiter.reserve([HUNDRED, TEN], [1], horizon))
    assert len(granted) > 100
    assert most_in_a_second(granted) <= 100 * (1 + horizon)


def test_the_first_message_that_can_not_go_stops_those_behind_it(limiter: Limiter) -> None:
    assert len(limiter.reserve([TEN], [30, 1, 1], horizon=0.5).delays) == 1


def test_without_lanes_everything_goes_at_once_and_no_redis_is_needed() -> None:
    grant = Limiter(parse_service_url("redis://127.0.0.1:1")).reserve([], [1, 2, 3])
    assert (grant.delays, grant.wait) == ([0, 0, 0], 0)


def interval(limiter: Limiter, *lanes: Lane) -> int:
    """Microseconds between two messages in these lanes, as they are granted now."""
    first, second = slots(limiter.reserve(lanes, [1, 1], horizon=MINUTE))
    return second - first


def recovered(server: "redis.Redis", lane: Lane, seconds: float) -> None:
    """Make a lane's note older by so much, as if the time had passed."""
    key = f"dispatch:lane:{lane.name}:slow"
    note = server.get(key)
    assert isinstance(note, bytes)
    share, since, over, own = note.decode().split()
    earlier = round(seconds * 1_000_000)
    server.set(key, f"{share} {int(since) - earlier} {int(over) - earlier} {own}", keepttl=True)


def test_a_lowered_lane_gets_its_rate_back_bit_by_bit(limiter: Limiter, server: "redis.Redis") -> None:
    assert limiter.lower(TEN.name, 0.5, seconds=600)
    assert interval(limiter, TEN) == pytest.approx(200_000, rel=0.01)
    recovered(server, TEN, 300)
    assert interval(limiter, TEN) == pytest.approx(133_333, rel=0.01)  # three quarters of its rate
    recovered(server, TEN, 300)
    assert interval(limiter, TEN) == 100_000


def test_the_note_of_a_lowered_lane_expires_when_it_is_whole_again(
    limiter: Limiter, server: "redis.Redis"
) -> None:
    limiter.lower(TEN.name, 0.5, seconds=30)
    (note,) = server.scan_iter("*:slow")
    assert 0 < server.pttl(note) <= 30_000
    server.delete(note)  # as it expires
    assert interval(limiter, TEN) == 100_000


def test_what_is_said_again_at_once_is_about_what_had_left_before(
    limiter: Limiter, server: "redis.Redis"
) -> None:
    assert [limiter.lower(TEN.name, 0.5, seconds=600) for _ in range(4)] == [True, False, False, False]
    assert interval(limiter, TEN) == pytest.approx(200_000, rel=0.01)
    recovered(server, TEN, 6)
    assert limiter.lower(TEN.name, 0.5, seconds=600)
    assert interval(limiter, TEN) == pytest.approx(400_000, rel=0.02)


def test_a_lane_is_never_lowered_to_a_standstill(limiter: Limiter, server: "redis.Redis") -> None:
    for _ in range(20):
        assert limiter.lower(TEN.name, 0.1, seconds=600)
        recovered(server, TEN, 6)
    assert 100_000 < interval(limiter, TEN) <= 64 * 100_000


def test_a_lane_without_a_rate_runs_at_its_own_speed_lowered_and_is_unlimited_again(
    limiter: Limiter, server: "redis.Redis"
) -> None:
    unlimited = Lane("provider:unlimited", None)
    assert limiter.reserve([unlimited], [1] * 1000).delays == [0.0] * 1000
    limiter.lower(unlimited.name, 0.5, 600, speed=Rate(40, 1))
    assert limiter.reserve([unlimited], [1]).delays == []  # what left until now is counted as of this second
    assert interval(limiter, unlimited) == pytest.approx(50_000, rel=0.01)
    recovered(server, unlimited, 300)
    limiter.lower(unlimited.name, 0.5, 600, speed=Rate(1, 1))  # its speed is known by now
    assert interval(limiter, unlimited) == pytest.approx(66_667, rel=0.01)
    server.delete(f"dispatch:lane:{unlimited.name}:slow")
    assert interval(limiter, unlimited, HUNDRED) == 10_000  # though it was lowered at the last look
    time.sleep(1.1)  # until it looks again
    assert limiter.reserve([unlimited], [1] * 3).delays == [0, 0, 0]


def test_another_process_learns_within_a_second_that_a_lane_without_a_rate_was_lowered(
    limiter: Limiter, redis_url: str
) -> None:
    unlimited = Lane("provider:unlimited", None)
    assert limiter.reserve([unlimited], [1]).delays == [0.0]
    other = Limiter(parse_service_url(redis_url))
    other.lower(unlimited.name, 0.5, 600, speed=Rate(2, 1))
    other.close()
    time.sleep(1.1)
    assert limiter.reserve([unlimited], [1] * 9).wait > 0


def test_a_lane_rests_for_as_long_as_its_provider_says_within_reason(limiter: Limiter) -> None:
    limiter.lower(TEN.name, 0.5, 600, rest=20)
    assert limiter.reserve([TEN], [1]).wait == pytest.approx(19, abs=0.9)
    limiter.lower(TEN.name, 0.5, 600, rest=90_000)  # also when it was said just before
    assert limiter.reserve([TEN], [1]).wait <= 300


def test_lowered_lanes_are_told_by_name(limiter: Limiter) -> None:
    assert limiter.lowered() == []
    limiter.lower(TEN.name, 0.5, 600)
    limiter.lower(ONE.name, 0.5, 600)
    assert limiter.lowered() == [ONE.name, TEN.name]


def test_a_grant_says_which_lane_the_next_message_waits_for(limiter: Limiter) -> None:
    assert limiter.reserve([HUNDRED, TEN], [1]).behind == ""
    assert limiter.reserve([HUNDRED, TEN], [1] * 50).behind == TEN.name
    assert limiter.reserve([ONE, HUNDRED], [1] * 50, horizon=0.1).behind in {ONE.name, HUNDRED.name}


def test_what_nothing_limits_needs_no_redis() -> None:
    unlimited = Lane("provider:unlimited", None)
    nobody = Limiter(parse_service_url("redis://127.0.0.1:1"))
    assert [nobody.reserve([unlimited], [1, 1]).delays for _ in range(2)] == [[0, 0], [0, 0]]
    with pytest.raises(LimiterUnavailable):
        nobody.lower(unlimited.name, 0.5, 600, speed=Rate(2, 1))
    with pytest.raises(LimiterUnavailable):
        nobody.lowered()


def test_what_was_lowered_goes_no_faster_because_redis_is_away() -> None:
    unlimited = Lane("provider:unlimited", None)
    settings = load_settings()
    limiter = Limiter(redis_of(settings))
    with Embedded(settings):
        limiter.lower(unlimited.name, 0.5, 600, speed=Rate(2, 1))
        assert limiter.reserve([unlimited], [1]).wait > 0
    time.sleep(1.1)  # until it looks again
    with pytest.raises(LimiterUnavailable):
        limiter.reserve([unlimited], [1])
    limiter.close()


def test_every_key_is_ours_by_name_and_expires(limiter: Limiter, server: "redis.Redis") -> None:
    limiter.lower(TEN.name, 0.5, seconds=30, rest=1)
    keys = list(server.scan_iter("*"))
    assert len(keys) == 5
    assert sorted(keys) == sorted(server.scan_iter("dispatch:lane:*"))
    assert all(server.pttl(key) > 0 for key in keys)


def test_without_redis_nothing_is_granted_and_with_it_sending_goes_on_by_itself() -> None:
    settings = load_settings()
    limiter = Limiter(redis_of(settings))
    with pytest.raises(LimiterUnavailable, match="can't be reached"):
        limiter.reserve([TEN], [1])
    for _ in range(2):  # a server that forgot everything, and another one after it
        with Embedded(settings):
            assert limiter.reserve([TEN], [1]).wait > 0
            assert limiter.reserve([TEN], [1], horizon=5).delays
        with pytest.raises(LimiterUnavailable):
            limiter.reserve([TEN], [1])
    limiter.close()
