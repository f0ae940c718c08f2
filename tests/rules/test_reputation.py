"""What is borne of what comes back: over the bar, never at it, and not by one or two people."""

from fractions import Fraction
from itertools import product

import pytest

from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import Channel
from dispatcher.rules.reputation import (
    BLOCKED,
    BOUNCES,
    COMPLAINTS_PAUSE,
    COMPLAINTS_WARN,
    UNDELIVERED_ANYWAY,
    Bar,
    Concern,
    leaving_bar,
    undelivered_bar,
    usual,
)
from dispatcher.rules.reputation_words import concern_words, pause_words, percent_of

EMAIL, SMS = Channel.EMAIL, Channel.SMS
CONCERNS = (Event.COMPLAINTS, Event.BOUNCES, Event.BLOCKED, Event.NOT_DELIVERED, Event.LEAVING)


@pytest.mark.parametrize(
    ("bar", "at", "least"),
    [
        (COMPLAINTS_WARN, (10, 10_000), (3, 2_999)),  # 0.1%
        (COMPLAINTS_PAUSE, (30, 10_000), (3, 999)),  # 0.3%
        (BOUNCES[EMAIL], (50, 1_000), (10, 199)),
        (BOUNCES[SMS], (100, 1_000), (10, 99)),
        (BLOCKED[EMAIL], (50, 1_000), (10, 199)),
        (BLOCKED[SMS], (25, 1_000), (5, 199)),
        (leaving_bar(EMAIL, None), (50, 10_000), (10, 1_999)),
        (leaving_bar(SMS, None), (20, 1_000), (5, 249)),
        (leaving_bar(EMAIL, Fraction(1, 100)), (20, 1_000), (10, 499)),  # twice the usual
        (leaving_bar(SMS, Fraction(3, 100)), (60, 1_000), (5, 83)),
        (undelivered_bar(EMAIL, None), (100, 1_000), (20, 199)),
        (undelivered_bar(SMS, None), (200, 1_000), (20, 99)),
        (undelivered_bar(EMAIL, Fraction(98, 100)), (120, 1_000), (20, 166)),  # ten points below the usual
        (undelivered_bar(SMS, Fraction(50, 100)), (600, 1_000), (20, 33)),
    ],
)
def test_a_bar_is_crossed_over_it_not_at_it_and_not_by_few(
    bar: Bar, at: tuple[int, int], least: tuple[int, int]
) -> None:
    number, of = at
    assert not bar.is_crossed(number, of)
    assert bar.is_crossed(number + 1, of)
    assert bar.is_crossed(number, of - 1)
    few, among = least
    assert bar.is_crossed(few, among)
    assert not bar.is_crossed(few, among + 1)
    assert not bar.is_crossed(few - 1, few - 1)


@pytest.mark.parametrize("number", range(1, 40))
def test_who_has_counted_far_enough_need_not_count_on(number: int) -> None:
    for bar in (COMPLAINTS_WARN, COMPLAINTS_PAUSE, BOUNCES[SMS], BLOCKED[SMS], Bar(Fraction(3, 7), 1)):
        enough = bar.count_to(number)
        assert not bar.is_crossed(number, enough)
        assert bar.is_crossed(number, enough - 1) == (number >= bar.least)


def test_what_leaves_usually_raises_the_bar_and_never_lowers_it() -> None:
    assert leaving_bar(SMS, Fraction(1, 1000)) == leaving_bar(SMS, None)
    assert leaving_bar(SMS, Fraction(0)) == leaving_bar(SMS, None)


def test_so_much_undelivered_is_borne_whatever_is_usual() -> None:
    for channel, usually in product(Channel, (None, Fraction(0), Fraction(1, 2), Fraction(1))):
        bar = undelivered_bar(channel, usually)
        assert bar.borne >= UNDELIVERED_ANYWAY.borne
        assert bar.least == UNDELIVERED_ANYWAY.least


def test_what_is_usual_is_the_median_of_three_at_least() -> None:
    third, half, all_ = Fraction(1, 3), Fraction(1, 2), Fraction(1)
    assert usual([]) is usual([third, half]) is None
    assert usual([half, third, all_]) == half
    assert usual([third, half, all_, all_]) == Fraction(3, 4)


@pytest.mark.parametrize(("event", "channel", "grave"), [*product(CONCERNS, Channel, (False, True))])
def test_words_say_what_happened_and_what_to_do_and_fit_into_an_alarm(
    event: Event, channel: Channel, grave: bool
) -> None:
    concern = Concern(
        event, channel, 1_000_000, 10_000_000, grave=grave, since_resumed=True, usual=Fraction(98, 100)
    )
    for words in (concern_words(concern, 2_000_000), pause_words(concern, 2_000_000)):
        assert len(words) <= 500
        assert "1,000,000 of 10,000,000" in words
        assert "alert 2000000" in words
        assert words.endswith(".")
        assert ".." not in words


def test_a_share_has_the_places_that_count() -> None:
    shares = [(5, 3200), (3, 999), (1, 100), (53, 1000), (1, 1), (0, 5)]
    assert [percent_of(*share) for share in shares] == ["0.16%", "0.30%", "1.0%", "5.3%", "100.0%", "0.00%"]


def test_complaints_say_which_line_is_crossed() -> None:
    warned = concern_words(Concern(Event.COMPLAINTS, EMAIL, 5, 3200), 3)
    assert warned.startswith("5 of 3,200 emails of alert 3 were reported as spam (0.16%). ")
    assert "less than 0.1%" in warned
    paused = pause_words(Concern(Event.COMPLAINTS, SMS, 4, 900, grave=True, since_resumed=True), 3)
    assert paused.startswith(
        "Paused by itself: 4 of 900 texts of alert 3, since it was resumed, were reported"
    )
    assert "over 0.3%" in paused
    assert paused.endswith("Going on with `dispatch resume 3` counts anew.")


def test_what_is_usual_is_said_the_way_it_is_counted() -> None:
    lacking = Concern(Event.NOT_DELIVERED, SMS, 30, 100, usual=Fraction(95, 100))
    assert "(30.0%; usually 5.0%)" in concern_words(lacking, 3)
    leaving = Concern(Event.LEAVING, SMS, 30, 1000, usual=Fraction(1, 100))
    assert "(3.0%; usually 1.0%)" in concern_words(leaving, 3)
