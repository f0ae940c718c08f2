"""A notice is sent once; what went wrong is tried again, said, or given up."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from people import add_list, add_person
from sqlalchemy import select

from dispatcher.channels.base import Outcome
from dispatcher.channels.feed import Fed
from dispatcher.channels.memory import Answer, MemorySender, Point
from dispatcher.db import db_now
from dispatcher.errors import LimiterUnavailable, WrongSettings
from dispatcher.limiter import Lane
from dispatcher.models import DailyUse, StopTold
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.notices import NoticeState
from dispatcher.rules.rates import Rate
from dispatcher.rules.results import Result
from dispatcher.usecases.daily import left_today
from dispatcher.usecases.notices.sending import Post
from dispatcher.usecases.notices.waiting import anything_due, hold_notices, stuck, tidy_notices
from dispatcher.usecases.suppress import suppress

Office = Callable[..., Any]


class Silent(MemorySender):
    """Takes messages, and its process is gone before it answers."""

    def send(self, batch: Iterable[Fed], stop_at: float) -> Iterator[Outcome]:
        return iter(())


def test_each_is_sent_once_and_forgotten(any_office: Office) -> None:
    post = any_office()
    post.queue()
    post.queue(to="ada@mail.us")
    assert anything_due(post.house)
    assert not anything_due(post.house, Channel.SMS)
    assert not post.send()
    assert not post.send()
    assert post.sender.recipients == ["Rosa@mail.us", "ada@mail.us"]
    rows = post.rows()
    assert [(row.state, row.address, row.facts, row.error) for row in rows] == [
        (NoticeState.SENT, None, None, None)
    ] * 2


def test_what_is_left_when_the_turn_ends_is_said(office: Office) -> None:
    post = office()
    post.queue()
    assert post.send(seconds=0.0)
    assert post.sender.taken == []


def test_the_intent_is_durable_before_the_first_byte(office: Office) -> None:
    post = office()
    seen: list[Any] = []
    post.sender = MemorySender(Channel.EMAIL, at=lambda point, _: seen.append((point, post.states)))
    post.queue()
    post.send()
    assert seen[0] == (Point.BEFORE, [NoticeState.SENDING])


def test_what_a_worker_died_with_is_uncertain_and_never_sent_again(any_office: Office) -> None:
    post = any_office()

    post.sender = Silent(Channel.EMAIL)
    post.queue()
    post.send()
    assert post.states == [NoticeState.SENDING]
    tidy_notices(post.house)
    assert post.states == [NoticeState.SENDING]
    post.change(lease_until=db_now(-1))
    tidy_notices(post.house)
    (row,) = post.rows()
    assert (row.state, row.error, row.address, row.facts) == (
        NoticeState.UNCERTAIN,
        "the worker was gone",
        None,
        None,
    )
    assert not anything_due(post.house)
    assert post.queue()


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result.UNCERTAIN, NoticeState.UNCERTAIN),
        (Result.REFUSED, NoticeState.FAILED),
        (Result.DROPPED, NoticeState.FAILED),
    ],
)
def test_a_last_word_ends_it(office: Office, result: Result, state: NoticeState) -> None:
    post = office()
    post.sender.answer("Rosa@mail.us", Answer(result, "smtp 550 5.1.1"))
    post.queue()
    post.send()
    (row,) = post.rows()
    assert (row.state, row.error, row.address) == (state, "smtp 550 5.1.1", None)


@pytest.mark.parametrize("result", [Result.RETRY, Result.SLOW_DOWN, Result.BROKEN])
def test_what_was_not_taken_is_tried_again_later(any_office: Office, result: Result) -> None:
    post = any_office()
    post.sender.answer("Rosa@mail.us", Answer(result, "smtp 451"))
    post.queue()
    assert not post.send()
    (row,) = post.rows()
    assert (row.state, row.error, row.attempt, row.address) == (
        NoticeState.QUEUED,
        "smtp 451",
        1,
        "Rosa@mail.us",
    )
    post.change(due_at=db_now(-1))
    post.send()
    assert post.states == [NoticeState.SENT]


def test_what_is_too_late_is_given_up(office: Office) -> None:
    post = office()
    post.queue()
    post.age(6 * 3600 + 1)
    post.send()
    (row,) = post.rows()
    assert (row.state, row.error, row.address, post.sender.taken) == (
        NoticeState.FAILED,
        "no time left",
        None,
        [],
    )


def test_a_kind_without_words_fails_alone(office: Office) -> None:
    post = office()
    post.queue("nothing")
    post.queue(to="ada@mail.us")
    post.send()
    assert [(row.state, row.error) for row in post.rows()] == [
        (NoticeState.FAILED, "no such notice"),
        (NoticeState.SENT, None),
    ]


def test_words_that_cannot_be_read_are_waited_for_and_hold_nobody_else_up(
    office: Office, tmp_path: Path
) -> None:
    post = office()
    post.queue()
    words = tmp_path / "templates" / "locale" / "en.po"
    right = words.read_text(encoding="utf-8")
    words.write_text("msgid", encoding="utf-8")
    assert not post.send()
    (row,) = post.rows()
    assert (row.state, row.error, row.attempt) == (NoticeState.QUEUED, "broken_campaign", 0)
    words.write_text(right, encoding="utf-8")
    post.change(due_at=db_now(-1))
    post.send()
    assert post.states == [NoticeState.SENT]


def test_somebody_who_left_meanwhile_gets_none_unless_they_asked(any_office: Office) -> None:
    post = any_office()
    post.queue()
    post.queue("mail", force=True)
    with post.house.db.transaction() as session:
        key = post.house.keys.address_key("rosa@mail.us")
        suppress(session, Channel.EMAIL, key, SuppressionReason.COMPLAINED, "a test")
    post.send()
    assert [(row.state, row.error) for row in post.rows()] == [
        (NoticeState.FAILED, "must not be contacted"),
        (NoticeState.SENT, None),
    ]


def test_without_a_name_of_ours_nothing_real_is_sent(office: Office) -> None:
    post = office(org_name="")
    post.queue()
    with pytest.raises(WrongSettings, match="DISPATCH_ORG_NAME"):
        post.send()
    assert post.states == [NoticeState.QUEUED]


def test_a_real_sender_never_gets_an_address_for_practice(office: Office) -> None:
    post = office(real=True)
    post.queue(to="rosa@example.org")
    post.send()
    (row,) = post.rows()
    assert (row.error, post.sender.taken) == ("an address for practice", [])


def test_the_first_text_to_a_number_says_how_to_stop(any_office: Office) -> None:
    post = any_office(Channel.SMS)
    post.queue()
    post.queue()
    post.send()
    assert [text.tells_stop for text in post.sender.taken] == [True, False]
    with post.house.db.reading() as session:
        (told,) = session.scalars(select(StopTold))
    assert told.address_key == post.house.keys.address_key("+13125550142")


def closed_now() -> str:
    """Hours of half a day that Chicago isn't in."""
    hour = datetime.now(ZoneInfo("America/Chicago")).hour
    return "12-24" if hour < 11 else "0-10"


def test_only_texts_that_nobody_waits_for_keep_quiet_hours(office: Office) -> None:
    post = office(Channel.SMS, sms_hours=closed_now())
    post.queue()
    post.queue("still")
    assert not post.send()
    assert [text.body for text in post.sender.taken] == [
        "Tenants United: your code is 481516.\nReply STOP to stop"
    ]
    (asked,) = (row for row in post.rows() if row.kind == "still")
    assert asked.state == NoticeState.QUEUED
    assert asked.due_at > asked.created_at + timedelta(minutes=30)


def test_within_their_hours_they_go_and_are_not_held_by_the_provider_beyond_them(office: Office) -> None:
    post = office(Channel.SMS, sms_hours="0-24")
    post.queue("still")
    post.send()
    (text,) = post.sender.taken
    assert text.valid_for is None or text.valid_for > 0


def test_a_persons_own_zone_counts_before_their_numbers(office: Office) -> None:
    post = office(Channel.SMS, sms_hours="2-3")
    add_list(post.house)
    add_person(post.house, phone="305-555-0142", quiet_zones="America/Chicago")  # Florida's number
    post.queue("still", to="305-555-0142")
    post.send()
    assert [row.error for row in post.rows()] == [None]


def test_a_text_for_which_there_is_no_hour_is_given_up(office: Office) -> None:
    post = office(Channel.SMS, sms_hours="2-3")
    post.queue("still", to="305-555-0142")  # Florida's own hours begin at 8
    post.send()
    assert [(row.state, row.error) for row in post.rows()] == [
        (NoticeState.FAILED, "no hour suits the number")
    ]


def test_a_days_limit_holds_for_notices_too(office: Office) -> None:
    post = office(Channel.SMS, daily_sms=1)
    post.queue()
    post.queue(to="312-555-0143")
    post.send()
    assert len(post.sender.taken) == 1
    assert sorted(post.states) == [NoticeState.QUEUED, NoticeState.SENT]
    with post.house.db.reading() as session:
        assert session.scalars(select(DailyUse.used)).one() == 1


def test_what_was_not_taken_is_counted_back(office: Office) -> None:
    post = office(daily_email=5)
    post.sender.answer("Rosa@mail.us", Result.DROPPED)
    post.queue()
    post.queue("mail")
    post.send()
    with post.house.db.reading() as session:
        assert left_today(session, post.house.settings, Channel.EMAIL) == 4


def test_a_lane_without_a_slot_puts_a_notice_off(office: Office, redis_url: str) -> None:
    post = office(redis_url=redis_url, rate_email="1/m")
    post.queue()
    assert not post.send()
    (row,) = post.rows()
    assert (row.state, row.attempt, post.sender.taken) == (NoticeState.QUEUED, 0, [])
    assert row.due_at > row.created_at


def test_what_no_slot_comes_for_in_time_is_given_up(office: Office, redis_url: str) -> None:
    post = office(redis_url=redis_url, rate_email="1/d")
    post.limiter.reserve([Lane("provider:email", Rate(1, 86400))], [1], 0)
    post.limiter.reserve([Lane("provider:email", Rate(1, 86400))], [1], 86400)
    post.queue()
    post.send()
    assert [(row.state, row.error) for row in post.rows()] == [(NoticeState.FAILED, "no time left")]


def test_a_notice_takes_the_next_slot(office: Office, redis_url: str) -> None:
    post = office(redis_url=redis_url, rate_email="100/s")
    post.limiter.reserve([Lane("provider:email", Rate(100, 1))], [1], 0)
    post.queue()
    post.send()
    assert post.states == [NoticeState.SENT]


def test_without_the_limiter_nothing_is_claimed(office: Office) -> None:
    post = office(redis_url="redis+socket:///tmp/nobody-listens-here.sock", rate_email="10/s")
    post.queue()
    with pytest.raises(LimiterUnavailable):
        post.send()
    assert post.states == [NoticeState.QUEUED]


def test_two_processes_at_one_notice_send_it_once(office: Office) -> None:
    post = office()
    post.queue()
    mine, theirs = (Post(post.house, Channel.EMAIL, post.sender, post.limiter) for _ in range(2))
    first, second = mine.next_due(), theirs.next_due()
    assert first is not None
    assert second is not None
    mine.send(first)
    theirs.send(second)
    assert len(post.sender.taken) == 1


def test_an_older_database_sends_what_waits_in_it_to_nobody(office: Office) -> None:
    post = office()
    post.queue()
    with post.house.db.transaction() as session:
        hold_notices(session)
    assert not post.send()
    assert post.states == [NoticeState.UNCERTAIN]


def test_rows_go_after_a_week(any_office: Office) -> None:
    post = any_office()
    post.queue()
    post.send()
    post.change(created_at=db_now(-timedelta(days=6, hours=23).total_seconds()))
    tidy_notices(post.house)
    assert len(post.rows()) == 1
    post.change(created_at=db_now(-timedelta(days=7, seconds=1).total_seconds()))
    tidy_notices(post.house)
    assert post.rows() == []


def test_what_waits_for_minutes_is_stuck(office: Office) -> None:
    post = office()
    post.queue()
    with post.house.db.reading() as session:
        assert not stuck(session)
    post.age(601)
    with post.house.db.reading() as session:
        assert stuck(session)
