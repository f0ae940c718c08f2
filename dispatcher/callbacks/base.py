"""What every receiver is, what it is given, and what it may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from dispatcher.rules.events import Event

LONGEST_BODY = 2_000_000  # bytes; SendGrid's batches are the longest, below 800 kB
ECHO = "dispatch"  # the name under which providers keep our reference, where they keep something for us

# Gets a https URL: its body, or None when there is no answer of 200. Handed in, so that tests need no
# network.
Fetch = Callable[[str], bytes | None]


class Verdict(StrEnum):
    """What became of a call."""

    GENUINE = "genuine"
    ANONYMOUS = "anonymous"  # no credentials; some providers send them only when they are asked
    FORGED = "forged"  # wrong signature or credentials, or none
    STALE = "stale"  # rightly signed, too long ago: a replay, or a clock that is wrong
    REPLAYED = "replayed"  # its proof was used before, to tell something else
    MALFORMED = "malformed"  # nothing that this provider sends
    MISDIRECTED = (
        "misdirected"  # theirs, and not for this address: inbound mail, say; a person must mend it there
    )
    FAILED = "failed"  # we couldn't do our part: they are to try again
    BUSY = "busy"  # it couldn't be written down: they are to try again

    @property
    def status(self) -> int:
        """The HTTP status to answer with. After a 5xx the provider keeps the call and tries again."""
        return _STATUS[self]


_STATUS = {
    Verdict.GENUINE: 200,
    Verdict.ANONYMOUS: 401,
    Verdict.FORGED: 400,
    Verdict.STALE: 400,
    Verdict.REPLAYED: 400,
    Verdict.MALFORMED: 400,
    Verdict.MISDIRECTED: 500,
    Verdict.FAILED: 500,
    Verdict.BUSY: 503,
}


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A call as it came in."""

    method: str
    url: str = field(repr=False)  # the public one with its query, made from our settings, never from Host
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    now: datetime  # UTC

    def header(self, name: str) -> str:
        """A header by its name in any case; "" without it."""
        wanted = name.lower()
        found = self.headers.get(wanted)  # as the site writes them all
        if found is not None:
            return found
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.header("Content-Type").partition(";")[0].strip().lower()


class Receiver(Protocol):
    """One provider's callbacks."""

    name: str  # also the last part of its address, and `provider` of its events
    max_age: timedelta | None  # how old a signed call may be; None where nothing signed tells its age
    fetches: bool  # proving a call may need an answer of the provider's servers
    # The proof covers a token and not the body: the token is the event's id, and counts for one body alone.
    signs_token_only: bool

    @property
    def path(self) -> str:
        """Where it is called, below the public URL."""
        ...

    def verify(self, request: RawRequest) -> Verdict:
        """Whether the call is the provider's: over the raw body, in constant time. Never raises."""
        ...

    def read(self, request: RawRequest) -> list[Event]:
        """What a GENUINE call tells. Never raises; nothing at all for calls that tell nothing."""
        ...


def path_of(name: str) -> str:
    """The address of a receiver, below the public URL."""
    return f"/callbacks/{name}"
