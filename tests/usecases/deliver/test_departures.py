"""What a sender hears of granted messages, and when."""

import time
from collections.abc import Iterable

from dispatcher.channels.feed import Early, Fed, Withdrawn
from dispatcher.usecases.deliver.departures import Departures
from dispatcher.usecases.deliver.in_hand import Slot
from dispatcher.usecases.deliver.pages import Due
from dispatcher.usecases.deliver.prepare import Ready
from fakes.messages import email

_EMAILS = {number: email(number) for number in range(1, 9)}


def slot(number: int, *, in_seconds: float = 0.0) -> Slot:
    """Message `number`, rendered, and when it may go."""
    due = Due(number, number, f"reader{number}@example.org", None, None, None, "en", 0, None)
    return time.monotonic() + in_seconds, Ready(due, _EMAILS[number])


def granted(*slots: Slot) -> Departures:
    departures = Departures()
    departures.grant(slots)
    return departures


def said(departures: Departures) -> list[Fed]:
    """Everything that is to be heard now."""
    return list(iter(departures.next, None))


def earlies(numbers: Iterable[int]) -> list[Early]:
    return [Early(_EMAILS[number]) for number in numbers]


def test_a_message_is_announced_at_its_slot_and_goes_once_its_intent_is_written() -> None:
    departures = granted(slot(1), slot(2))
    assert said(departures) == earlies([1, 2])
    assert said(departures) == []
    departures.begin(2)
    assert departures.next_at == 0.0
    assert said(departures) == [_EMAILS[2]]
    departures.begin(1)
    assert said(departures) == [_EMAILS[1]]
    assert departures.next_at is None


def test_nothing_is_said_before_the_slot_and_then_a_begun_message_goes_at_once() -> None:
    departures = granted(slot(1, in_seconds=0.05))
    departures.begin(1)
    assert said(departures) == []
    next_at = departures.next_at
    assert next_at is not None
    time.sleep(max(0.0, next_at - time.monotonic()))
    assert said(departures) == [_EMAILS[1]]


def test_an_intent_that_is_written_at_the_slot_needs_no_announcement() -> None:
    departures = granted(slot(1))
    departures.begin(1)
    assert said(departures) == [_EMAILS[1]]
    assert said(departures) == []


def test_what_may_not_go_is_withdrawn_when_it_was_announced_and_the_rest_is_not_announced() -> None:
    departures = granted(slot(1), slot(2))
    said(departures)
    departures.refuse(1)
    departures.begin(2)
    assert said(departures) == [Withdrawn(1), _EMAILS[2]]
    departures.grant([slot(3)])
    assert said(departures) == []
    departures.begin(3)
    assert said(departures) == [_EMAILS[3]]


def test_what_may_not_go_and_was_not_announced_is_heard_of_by_nobody() -> None:
    departures = granted(slot(1, in_seconds=0.02), slot(2, in_seconds=0.03))
    departures.refuse(1)
    departures.begin(2)
    time.sleep(0.05)
    assert said(departures) == [_EMAILS[2]]


def test_a_message_that_could_not_be_rendered_never_departs() -> None:
    at, ready = slot(1)
    departures = granted((at, Ready(ready.due, None)))
    departures.begin(1)
    departures.refuse(1)
    assert said(departures) == []
