"""What holds for single messages."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.rules.notices import NoticeState, Terms, terms_of, what_follows
from dispatcher.rules.results import Result

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
AN_HOUR = Terms(tried_for=timedelta(hours=1))


def after(result: Result, *, attempt: int = 1, **more: object) -> tuple[NoticeState, datetime | None]:
    facts = {"now": NOW, "created_at": NOW, "jitter": 1.0} | more
    return what_follows(result, AN_HOUR, attempt=attempt, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result.ACCEPTED, NoticeState.SENT),
        (Result.REFUSED, NoticeState.FAILED),
        (Result.DROPPED, NoticeState.FAILED),
        (Result.UNCERTAIN, NoticeState.UNCERTAIN),
    ],
)
def test_most_answers_settle_a_notice(result: Result, state: NoticeState) -> None:
    assert after(result) == (state, None)


@pytest.mark.parametrize(
    ("result", "attempt", "seconds"),
    [
        (Result.RETRY, 1, 60),
        (Result.RETRY, 3, 540),
        (Result.SLOW_DOWN, 1, 15),
        (Result.BROKEN, 1, 60),
        (Result.BROKEN, 9, 900),
    ],
)
def test_what_was_not_taken_is_tried_again_later_and_later(
    result: Result, attempt: int, seconds: int
) -> None:
    assert after(result, attempt=attempt) == (NoticeState.QUEUED, NOW + timedelta(seconds=seconds))


def test_a_provider_is_not_asked_again_before_it_wants_to_be() -> None:
    assert after(Result.SLOW_DOWN, retry_after=300.0)[1] == NOW + timedelta(seconds=300)


def test_what_would_come_too_late_is_given_up() -> None:
    begun = NOW - timedelta(minutes=59, seconds=30)
    assert after(Result.RETRY, created_at=begun) == (NoticeState.FAILED, None)


def test_a_kinds_first_word_says_its_terms() -> None:
    assert terms_of("confirm_again").gap == timedelta(minutes=5)
    assert terms_of("moved").tried_for < timedelta(minutes=30)  # as long as its code is good
    assert terms_of("still").ours
    assert not terms_of("link").ours
