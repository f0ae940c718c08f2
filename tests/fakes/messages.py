"""Messages to send, and how to send them: for tests of senders."""

import time

from dispatcher.channels.base import Outcome, Sender
from dispatcher.rules.rendered import Rendered, RenderedEmail, RenderedSms

HELLO = b"Subject: Hello\r\n\r\nHello\r\n"


def email(number: int = 1, to: str | None = None, mime: bytes = HELLO) -> RenderedEmail:
    """Email number `number`, by default to a reader of its own."""
    to = to or f"reader{number}@example.org"
    return RenderedEmail(number, to, "bounces@ours.example", mime, f"{number}.x@ours.example")


def text(number: int = 1, to: str | None = None, valid_for: int | None = None) -> RenderedSms:
    """Text number `number`, by default to a phone of its own."""
    return RenderedSms(number, to or f"+1312555{number:04d}", "¡Mañana! Ń", valid_for=valid_for)


def soon() -> float:
    """A `stop_at` that no test comes near."""
    return time.monotonic() + 60


def send_all(sender: Sender, *messages: Rendered, stop_at: float | None = None) -> dict[int, Outcome]:
    """Send messages and return each one's outcome; fails when one has two."""
    outcomes = list(sender.send(messages, stop_at or soon()))
    by_id = {outcome.message_id: outcome for outcome in outcomes}
    assert len(by_id) == len(outcomes)
    return by_id


def send_one(sender: Sender, message: Rendered, stop_at: float | None = None) -> Outcome:
    """Send one message and return its outcome."""
    return send_all(sender, message, stop_at=stop_at)[message.message_id]
