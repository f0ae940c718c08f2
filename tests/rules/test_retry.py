from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.rules.moves import Status
from dispatcher.rules.results import Result
from dispatcher.rules.retry import Decision, GiveUp, PauseAlert, RetryAt, Settle, decide

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def after(result: Result, attempt: int = 1, **given: object) -> Decision:
    facts = {"now": NOW, "first_at": NOW, "jitter": 1.0} | given
    return decide(result, attempt=attempt, **facts)  # type: ignore[arg-type]


def in_seconds(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("result", "decision"),
    [
        (Result.ACCEPTED, Settle(Status.SENT)),
        (Result.REFUSED, Settle(Status.BOUNCED, suppress=True)),
        (Result.DROPPED, Settle(Status.FAILED)),
        (Result.UNCERTAIN, Settle(Status.UNCERTAIN)),
        (Result.BROKEN, PauseAlert()),
    ],
)
def test_only_what_was_certainly_not_taken_is_tried_again(result: Result, decision: Decision) -> None:
    assert after(result, attempt=1) == decision
    assert after(result, attempt=9, retry_after=5.0) == decision


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 60), (2, 180), (3, 540), (4, 1620), (5, 4860), (6, 14400), (900, 14400)]
)
def test_waits_grow_with_each_attempt_up_to_four_hours(attempt: int, seconds: float) -> None:
    assert after(Result.RETRY, attempt) == RetryAt(in_seconds(seconds))


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 15), (2, 30), (6, 480), (7, 900), (50, 900)])
def test_a_slow_down_is_tried_again_sooner_and_slows_the_lane(attempt: int, seconds: float) -> None:
    assert after(Result.SLOW_DOWN, attempt) == RetryAt(in_seconds(seconds), slow_lane=True)


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 30), (0.5, 45), (1.0, 60)])
def test_people_who_failed_together_are_spread_over_half_the_wait(jitter: float, seconds: float) -> None:
    assert after(Result.RETRY, jitter=jitter) == RetryAt(in_seconds(seconds))


def test_a_provider_is_never_asked_again_before_it_said() -> None:
    assert after(Result.SLOW_DOWN, retry_after=100.0, jitter=0.0) == RetryAt(in_seconds(100), slow_lane=True)
    assert after(Result.SLOW_DOWN, retry_after=100.0, jitter=1.0) == RetryAt(in_seconds(110), slow_lane=True)


def test_a_provider_that_asks_for_less_than_our_own_wait_gets_our_own() -> None:
    assert after(Result.RETRY, retry_after=1.0) == RetryAt(in_seconds(60))


def test_nothing_is_tried_again_after_the_deadline() -> None:
    assert after(Result.RETRY, deadline=in_seconds(61)) == RetryAt(in_seconds(60))
    assert after(Result.RETRY, deadline=in_seconds(60)) == GiveUp("deadline")
    assert after(Result.SLOW_DOWN, retry_after=7200.0, deadline=in_seconds(3600)) == GiveUp(
        "deadline", slow_lane=True
    )


def test_nothing_is_tried_for_longer_than_48_hours() -> None:
    two_days_ago = NOW - timedelta(hours=48)
    just_in_time = two_days_ago + timedelta(seconds=60)
    assert after(Result.RETRY, first_at=just_in_time) == RetryAt(in_seconds(60))
    assert after(Result.RETRY, first_at=two_days_ago) == GiveUp("tried for 48 hours")


@pytest.mark.parametrize("result", list(Result))
def test_every_result_has_a_decision(result: Result) -> None:
    assert after(result) is not None
