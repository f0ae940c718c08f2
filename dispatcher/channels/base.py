"""What every sender is, and the neutral words for what a provider answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from dispatcher.channels.feed import Fed
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered
from dispatcher.rules.results import Result

__all__ = ["OUT_OF_TIME", "UNREACHABLE", "Health", "Outcome", "Result", "Sender", "out_of_time"]

OUT_OF_TIME = "out of time"  # the code of a message that was not begun because the lease is about to end
# The codes of a provider that can't be talked to at all.
UNREACHABLE = frozenset({"unreachable", "connection lost", "timeout"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message's answer. `detail` is the provider's words without any address; `code` is a short stable
    key.
    """

    message_id: int
    result: Result
    code: str = ""  # e.g. "smtp 550 5.1.1", "twilio 21610", "timeout", "connection lost"
    detail: str = ""
    provider_ref: str = ""  # the provider's own id, where it gives one
    retry_after: float | None = None  # seconds, where the provider says


def out_of_time(message: Rendered) -> Outcome:
    """The answer for a message that there was no time to begin."""
    return Outcome(message.message_id, Result.RETRY, OUT_OF_TIME)


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
    handles_stop: bool  # the provider heeds a STOP by itself, and refuses what is sent to that number later
    echoes_our_id: bool  # what is reported of a message names it, also where the answer to us was lost

    @property
    def name(self) -> str:
        """For staff: `SMTP relay mail.example.org:587`; never with a secret."""
        ...

    def send(self, batch: Iterable[Fed], stop_at: float) -> Iterator[Outcome]:
        """Hand each message over, at most `connections` at once; yield an Outcome for each, in any order.

        The batch is read only as messages can begin, in the caller's thread. A number in it says that there
        is nothing to begin for so many seconds; it is read again then, or after the next outcome was taken,
        whichever comes first. What is announced by `Early` follows later as a message, or is `Withdrawn`; its
        Outcome isn't yielded before. `stop_at` is a reading of time.monotonic(): a message not begun by then
        is answered RETRY with the code "out of time" (the lease is about to end). Never raises for a
        message's sake.
        """
        ...

    def check(self) -> Health:
        """Reach the provider without sending anything."""
        ...

    def close(self) -> None:
        """Close kept connections; the sender may be used again afterwards."""
        ...
