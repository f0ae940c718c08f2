"""When results stop an alert, and what staff read then."""

import pytest

from dispatcher.rules.alert import Channel
from dispatcher.rules.error_rate import BORNE, LEAST, WINDOW, Kind, alarming, kind_of
from dispatcher.rules.error_rate_words import words_for
from dispatcher.rules.moves import Status

EMAIL, SMS = Channel.EMAIL, Channel.SMS


@pytest.mark.parametrize(
    ("channel", "status", "error", "kind"),
    [
        (EMAIL, Status.SENT, None, Kind.FINE),
        (EMAIL, Status.BOUNCED, "smtp 550 5.1.1", Kind.GONE),
        (EMAIL, Status.COMPLAINED, None, Kind.COMPLAINED),
        (EMAIL, Status.FAILED, "smtp 554 5.7.1", Kind.BLOCKED),
        (EMAIL, Status.FAILED, None, Kind.BLOCKED),
        (EMAIL, Status.FAILED, "tried for 48 hours (smtp 451)", Kind.UNREACHED),
        (EMAIL, Status.FAILED, "deadline (smtp 421)", Kind.UNREACHED),
        (EMAIL, Status.FAILED, "soft bounce", Kind.UNREACHED),  # as providers' callbacks leave it
        (EMAIL, Status.FAILED, "smtp 5.2.2", Kind.UNREACHED),
        (EMAIL, Status.FAILED, "smtp 552 5.2.2", Kind.UNREACHED),
        (EMAIL, Status.FAILED, "smtp 4.4.7", Kind.UNREACHED),
        (EMAIL, Status.FAILED, "smtp 450", Kind.UNREACHED),
        (EMAIL, Status.FAILED, "smtp 450 4.7.1", Kind.BLOCKED),
        (EMAIL, Status.FAILED, "smtp 4.7.26", Kind.BLOCKED),
        (EMAIL, Status.FAILED, "smtp 550", Kind.BLOCKED),
        (EMAIL, Status.FAILED, "blocked", Kind.BLOCKED),
        (EMAIL, Status.FAILED, "template", Kind.UNWRITTEN),
        (SMS, Status.FAILED, "its worker died rendering it", Kind.UNWRITTEN),
        (SMS, Status.FAILED, "twilio 30007", Kind.BLOCKED),
        (SMS, Status.FAILED, "twilio 30004", Kind.BLOCKED),
        (SMS, Status.FAILED, "twilio 30003", Kind.UNREACHED),
    ],
)
def test_a_line_of_the_log_says_something_about_us_or_about_the_list(
    channel: Channel, status: Status, error: str | None, kind: Kind
) -> None:
    assert kind_of(channel, status, error) is kind


@pytest.mark.parametrize(
    ("channel", "kind", "number", "results"),
    [
        (EMAIL, Kind.GONE, 25, 50),
        (EMAIL, Kind.GONE, 80, 500),
        (EMAIL, Kind.BLOCKED, 50, 50),
        (EMAIL, Kind.COMPLAINED, 10, 500),
        (EMAIL, Kind.UNWRITTEN, 20, 60),
        (SMS, Kind.GONE, 30, 60),
        (SMS, Kind.BLOCKED, 12, 60),
        (SMS, Kind.UNREACHED, 60, 90),
    ],
)
def test_too_much_of_a_kind_is_alarming(channel: Channel, kind: Kind, number: int, results: int) -> None:
    found = alarming(channel, {Kind.FINE: results - number, kind: number})
    assert found is not None
    assert (found.channel, found.kind, found.number, found.results) == (channel, kind, number, results)


@pytest.mark.parametrize(
    ("channel", "counts"),
    [
        (EMAIL, {Kind.GONE: LEAST - 1}),  # too few to say anything
        (EMAIL, {Kind.FINE: 92, Kind.GONE: 8}),
        (EMAIL, {Kind.FINE: 50, Kind.GONE: 9}),  # 15%, which chance may have brought together
        (EMAIL, {Kind.FINE: 490, Kind.COMPLAINED: 3}),
        (EMAIL, {Kind.FINE: 10, Kind.UNREACHED: 90}),  # a relay that is down is nobody's list
        (SMS, {Kind.FINE: 88, Kind.GONE: 12}),
        (SMS, {Kind.FINE: 96, Kind.BLOCKED: 4}),
        (SMS, {Kind.FINE: 80, Kind.UNREACHED: 20}),
        (SMS, {}),
    ],
)
def test_what_any_honest_list_has_stops_nothing(channel: Channel, counts: dict[Kind, int]) -> None:
    assert alarming(channel, counts) is None


def test_a_bad_share_that_is_alarming_in_small_stays_so_in_large() -> None:
    for (channel, kind), borne in BORNE.items():
        bad = round(WINDOW * min(1.0, borne * 2 + 0.05))
        assert alarming(channel, {Kind.FINE: WINDOW - bad, kind: bad}), (channel, kind)


def test_who_goes_on_all_the_same_is_stopped_at_twice_as_many_and_then_no_more() -> None:
    third = {Kind.FINE: 100, Kind.GONE: 50}
    assert alarming(EMAIL, third)
    assert alarming(EMAIL, third, {Kind.GONE: 1})
    assert alarming(EMAIL, third, {Kind.GONE: 2}) is None
    assert alarming(EMAIL, third, {Kind.BLOCKED: 2})  # that was about something else
    assert alarming(EMAIL, {Kind.GONE: 500}, {Kind.GONE: 4}) is None


@pytest.mark.parametrize(("channel", "kind"), BORNE)
def test_the_words_say_what_happened_what_it_means_and_how_to_go_on(channel: Channel, kind: Kind) -> None:
    found = alarming(channel, {Kind.FINE: 1, kind: WINDOW - 1})
    assert found is not None
    words = words_for(found, alert_id=123_456)
    assert words.startswith(f"Paused by itself: {WINDOW - 1} of the last {WINDOW} ")
    assert "dispatch resume 123456" in words
    assert "{" not in words
    assert len(words) <= 500  # what alerts.state_reason holds


def test_words_differ_by_what_is_wrong() -> None:
    told = set()
    for channel, kind in BORNE:
        found = alarming(channel, {kind: WINDOW})
        assert found is not None
        told.add(words_for(found, 1).partition("emails")[2] or words_for(found, 1).partition("texts")[2])
    assert len(told) == len(BORNE) - 1  # a template that fails is the same on both channels
