"""What every sender is, and the neutral words for what a provider answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered


class Result(StrEnum):
    """What became of one hand-over. Only UNCERTAIN may have arrived without our knowing."""

    ACCEPTED = "accepted"  # the provider took it: `sent`
    REFUSED = "refused"  # this address is dead or refuses us for good: `bounced`, suppress
    DROPPED = "dropped"  # this message won't go (size, content, a bare 550): `failed`, the address lives
    RETRY = "retry"  # certainly not taken; try again later
    SLOW_DOWN = "slow_down"  # certainly not taken, and the lane is too fast: retry, and slow the lane
    BROKEN = "broken"  # it is us (credentials, unregistered sender): pause the alert; certainly not taken
    UNCERTAIN = "uncertain"  # the message may have been taken; the answer never came


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message's answer. `detail` is the provider's words without any address; `code` is a short stable key."""

    message_id: int
    result: Result
    code: str = ""  # e.g. "smtp 550 5.1.1", "twilio 21610", "timeout", "connection lost"
    detail: str = ""
    provider_ref: str = ""  # the provider's own id, where it gives one
    retry_after: float | None = None  # seconds, where the provider says


@dataclass(frozen=True, slots=True)
class Health:
    """What `dispatch doctor` learns from a sender."""

    ok: bool
    words: str  # what was seen, without secrets
    mend: str = ""  # what to do when it isn't right


class Sender(Protocol):
    """Hands messages to one provider. Safe to keep for the life of a process; not shared between threads."""

    channel: Channel
    practice: bool  # nothing leaves this machine
    beyond_loopback: bool  # reaches people: a real sender that isn't a test on this machine
    connections: int  # how many messages may be on their way at once: the size of a mini-batch

    @property
    def name(self) -> str:
        """For staff: `SMTP relay mail.example.org:587`; never with a secret."""
        ...

    def send(self, batch: Iterable[Rendered], stop_at: float) -> Iterator[Outcome]:
        """Hand each message over, at most `connections` at once, and yield an Outcome for every one, in any order.

        `stop_at` is a reading of time.monotonic(): a message not begun by then is answered RETRY with the
        code "out of time" (the lease is about to end). Never raises for a message's sake.
        """
        ...

    def check(self) -> Health:
        """Reach the provider without sending anything."""
        ...

    def close(self) -> None:
        """Close kept connections; the sender may be used again afterwards."""
        ...
