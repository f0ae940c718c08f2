"""What an event means for its message and its address: every kind, in every state, on every channel."""

import itertools
from datetime import date, timedelta

import pytest

from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.events import EventKind
from dispatcher.rules.feedback import (
    KEPT,
    ORPHANS_TRIED_FOR,
    Consequence,
    consequence,
    error_of,
    gives_up,
    rank,
    refusal_is_a_strike,
    tried_again_after,
)
from dispatcher.rules.moves import MOVES, Status, may_move

K = EventKind
S = Status
EMAIL, SMS = Channel.EMAIL, Channel.SMS
A_DAY = date(2026, 3, 30)


def test_every_event_has_an_answer_and_no_message_moves_where_the_table_knows_no_way() -> None:
    against_the_address = {K.HARD_BOUNCE, K.COMPLAINED, K.UNSUBSCRIBED}
    for kind, old, channel, earlier in itertools.product(EventKind, [None, *Status], Channel, [False, True]):
        follows = consequence(kind, old, channel, earlier=earlier)
        if follows.status is not None:
            assert old is not None
            assert may_move(old, follows.status, by_event=True)
        assert kind in KEPT or follows == Consequence()
        assert follows.suppress is None or kind in against_the_address


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (K.DELIVERED, S.SENT, S.DELIVERED),
        (K.DELIVERED, S.SENDING, S.DELIVERED),  # before our own answer
        (K.DELIVERED, S.UNCERTAIN, S.DELIVERED),  # instead of it
        (K.ACCEPTED, S.UNCERTAIN, S.SENT),
        (K.DEFERRED, S.UNCERTAIN, S.SENT),
        (K.ACCEPTED, S.SENDING, S.SENT),
        (K.SOFT_BOUNCE, S.SENT, S.FAILED),
        (K.BLOCKED, S.SENT, S.FAILED),
        (K.FAILED, S.UNCERTAIN, S.FAILED),
        (K.HARD_BOUNCE, S.SENT, S.BOUNCED),
        (K.HARD_BOUNCE, S.DELIVERED, S.BOUNCED),
        (K.COMPLAINED, S.DELIVERED, S.COMPLAINED),
        (K.DELIVERED, S.QUEUED, S.DELIVERED),  # put back, and it had arrived after all
        (K.ACCEPTED, S.QUEUED, S.SENT),
        (K.HARD_BOUNCE, S.QUEUED, S.BOUNCED),
        (K.SOFT_BOUNCE, S.QUEUED, None),  # it is going to be sent again anyway
        (K.SOFT_BOUNCE, S.DELIVERED, None),
        (K.DELIVERED, S.FAILED, None),
        (K.DELIVERED, S.BOUNCED, None),
        (K.DELIVERED, S.DELIVERED, None),
        (K.ACCEPTED, S.SENT, None),
        (K.ACCEPTED, S.DELIVERED, None),
        (K.HARD_BOUNCE, S.CANCELLED, None),
        (K.UNSUBSCRIBED, S.SENT, None),
        (K.OPENED, S.UNCERTAIN, None),
        (K.CLICKED, S.UNCERTAIN, None),
        (K.DELIVERED, None, None),
    ],
)
def test_a_message_becomes_what_is_told_of_it(kind: K, old: S | None, new: S | None) -> None:
    assert consequence(kind, old, EMAIL).status is new


def test_a_text_that_was_refused_after_a_stop_has_failed_and_the_number_has_left() -> None:
    follows = consequence(K.UNSUBSCRIBED, S.SENT, SMS)
    assert follows == Consequence(S.FAILED, SuppressionReason.STOP, leaves=True)


def test_who_leaves_an_email_by_the_provider_leaves_and_may_join_again() -> None:
    assert consequence(K.UNSUBSCRIBED, S.SENT, EMAIL) == Consequence(leaves=True)


@pytest.mark.parametrize("status", [S.QUEUED, S.SENDING, S.SENT])
def test_what_failed_before_the_present_attempt_says_nothing_of_it(status: S) -> None:
    failing = (K.SOFT_BOUNCE, K.BLOCKED, K.FAILED, K.ACCEPTED, K.DEFERRED)
    assert [consequence(kind, status, SMS, earlier=True).status for kind in failing] == [None] * 5
    assert consequence(K.DELIVERED, status, SMS, earlier=True).status is S.DELIVERED
    assert consequence(K.HARD_BOUNCE, status, SMS, earlier=True).status is S.BOUNCED


@pytest.mark.parametrize(
    ("kind", "suppress", "strike", "clears"),
    [
        (K.HARD_BOUNCE, SuppressionReason.BOUNCED, False, False),
        (K.COMPLAINED, SuppressionReason.COMPLAINED, False, False),
        (K.SOFT_BOUNCE, None, True, False),
        (K.DELIVERED, None, False, True),
        (K.BLOCKED, None, False, False),
        (K.FAILED, None, False, False),
        (K.DEFERRED, None, False, False),
        (K.ACCEPTED, None, False, False),
    ],
)
def test_an_address_bears_what_is_told_of_it_whatever_its_message_is_by_now(
    kind: K, suppress: SuppressionReason | None, strike: bool, clears: bool
) -> None:
    for status in (None, S.SENT, S.DELIVERED, S.CANCELLED):
        follows = consequence(kind, status, EMAIL)
        assert (follows.suppress, follows.strike, follows.clears) == (suppress, strike, clears)


def test_events_that_came_together_are_taken_as_they_happen() -> None:
    told = [K.COMPLAINED, K.OPENED, K.HARD_BOUNCE, K.SOFT_BOUNCE, K.DELIVERED, K.ACCEPTED]
    in_order = [K.ACCEPTED, K.DELIVERED, K.SOFT_BOUNCE, K.HARD_BOUNCE, K.COMPLAINED, K.OPENED]
    assert sorted(told, key=rank) == in_order


def test_an_event_makes_nothing_of_a_message_that_may_still_be_sent_but_what_has_happened() -> None:
    assert {new for new in Status if may_move(S.QUEUED, new, by_event=True)} - MOVES[S.QUEUED] == {
        S.SENT,
        S.DELIVERED,
        S.BOUNCED,
        S.COMPLAINED,
    }


@pytest.mark.parametrize(
    ("kind", "provider", "code", "error"),
    [
        (K.HARD_BOUNCE, "ses", "5.1.1", "smtp 5.1.1"),
        (K.SOFT_BOUNCE, "twilio", "30003", "twilio 30003"),
        (K.SOFT_BOUNCE, "sendgrid", "", "soft bounce"),
        (K.FAILED, "twilio", "", "failed"),
    ],
)
def test_the_code_of_a_failure_is_written_as_our_own_senders_write_it(
    kind: K, provider: str, code: str, error: str
) -> None:
    assert error_of(kind, provider, code) == error


@pytest.mark.parametrize(
    ("days_ago", "given_up"),
    [
        ([], False),
        ([0], False),
        ([0, 1, 2], False),  # a holiday
        ([0, 0, 9], False),
        ([0, 7], False),
        ([0, 3, 7], True),
        ([0, 3, 6], False),
        ([0, 10, 29], True),
        ([0, 10, 30], False),
        ([0, 1, 2, 8, 40], True),
    ],
)
def test_an_address_is_given_up_after_three_days_of_a_month_over_a_week(
    days_ago: list[int], given_up: bool
) -> None:
    assert gives_up([A_DAY - timedelta(days=ago) for ago in days_ago]) is given_up


@pytest.mark.parametrize(
    ("error", "words", "strikes"),
    [
        ("smtp 550", "", True),
        ("smtp 550", "Requested action not taken", True),
        ("smtp 550 5.2.1", "The account is disabled", True),
        ("tried for 48 hours (smtp 452 4.2.2)", "mailbox full", True),
        ("smtp 550", "spam message rejected", False),
        ("smtp 554 5.7.1", "listed on our blocklist", False),
        ("tried for 48 hours (timeout)", "", False),
        ("deadline (smtp 451)", "greylisted", False),
        ("twilio 30003", "", False),
        ("template", "", False),
        ("smtp 5.1.1", "", False),  # an event's: it has had its consequences
        ("", "", False),
    ],
)
def test_a_refusal_without_a_reason_that_is_ours_is_a_strike(error: str, words: str, strikes: bool) -> None:
    assert refusal_is_a_strike(error, words) is strikes


def test_an_orphan_is_tried_again_with_growing_waits_for_three_days() -> None:
    age = timedelta(0)
    waits: list[timedelta] = []
    while (wait := tried_again_after(len(waits) + 1, age)) is not None:
        waits.append(wait)
        age += wait
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert max(waits) <= timedelta(hours=6)
    assert ORPHANS_TRIED_FOR - timedelta(hours=6) < age <= ORPHANS_TRIED_FOR
    assert len(waits) < 30


def test_what_has_been_tried_for_ever_is_not_tried_again() -> None:
    assert tried_again_after(10**6, timedelta(days=4)) is None
