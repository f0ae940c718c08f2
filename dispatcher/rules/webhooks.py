"""Outgoing webhooks: what is told, how it is signed, and when it is tried again.

Signed as Standard Webhooks has it (standardwebhooks.com, version 1.0.0), so that receivers have libraries.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from itertools import groupby
from typing import Any

MOST_AT_ONCE = 100  # events a POST: about 20 KB, as much as the standard recommends
TRIED_FOR = timedelta(days=3)
GONE = 410  # the receiver wants no more
_WAITS = (
    5,
    300,
    1800,
    7200,
    18_000,
    36_000,
    50_400,
    72_000,
)  # seconds: the standard's example, to 51.6 hours
_LONGEST_REST = 300.0  # seconds
_LONGEST_ASKED = 3600.0  # seconds that a receiver may ask us to wait
_PREFIX = "whsec_"
# Where clouds tell their machines keys and more, at addresses that look like others (169.254.169.254 and its
# like are link-local).
_METADATA = frozenset(
    map(
        ip_address,
        (
            "fd00:ec2::254",  # AWS
            "fd20:ce::254",  # Google
            "fd00:42::42",  # Scaleway
            "100.100.100.200",  # Alibaba
            "192.0.0.192",  # Oracle
            "168.63.129.16",  # Azure
        ),
    )
)


class Kind(StrEnum):
    """What may be told. A receiver names those that it wants."""

    ALERT_OPENED = "alert.opened"
    ALERT_PAUSED = "alert.paused"
    ALERT_RESUMED = "alert.resumed"
    ALERT_CANCELLED = "alert.cancelled"
    ALERT_FINISHED = "alert.finished"
    MESSAGE_SENT = "message.sent"
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_BOUNCED = "message.bounced"
    MESSAGE_COMPLAINED = "message.complained"
    MESSAGE_FAILED = "message.failed"
    MESSAGE_UNCERTAIN = "message.uncertain"
    SUBSCRIBER_JOINED = "subscriber.joined"
    SUBSCRIBER_LEFT = "subscriber.left"
    SUBSCRIBER_SUPPRESSED = "subscriber.suppressed"
    SUBSCRIBER_FORGOTTEN = "subscriber.forgotten"
    ACTION_RECORDED = "action.recorded"
    REPLY_RECEIVED = "reply.received"


TEST = "webhook.test"
BATCH = "batch"


def kinds_meant(text: str) -> frozenset[Kind]:
    """`message.*, subscriber.left` as kinds; `all` is every one. ValueError names what isn't there."""
    meant: set[Kind] = set()
    for word in (part.strip() for part in text.split(",")):
        if word == "all":
            found = set(Kind)
        elif word.endswith(".*"):
            found = {kind for kind in Kind if kind.startswith(word[:-1])}
        else:
            found = {kind for kind in Kind if kind == word}
        if not found:
            raise ValueError(word)
        meant |= found
    return frozenset(meant)


def kinds_in_words(kinds: Collection[str]) -> str:
    """As short as `kinds_meant` reads it: `all`, `message.*, subscriber.left`."""
    if set(Kind) <= set(kinds):
        return "all"
    words: list[str] = []
    for group, members in groupby(Kind, key=lambda kind: kind.partition(".")[0]):
        of_group = list(members)
        whole = len(of_group) > 1 and set(of_group) <= set(kinds)
        words += [f"{group}.*"] if whole else [kind for kind in of_group if kind in kinds]
    return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `about` has numbers and words of ours alone, never an address or a name."""

    key: bytes  # of 16 bytes: the same whenever it is found again
    kind: str
    at: datetime
    about: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The payload's shape that the standard recommends."""
        return {"type": self.kind, "timestamp": written(self.at), "data": dict(self.about)}


def event_key(*identity: object) -> bytes:
    """What stands for a thing that happened: made of its row's identity, so found twice it is the same."""
    return hashlib.sha256("\0".join(map(str, identity)).encode()).digest()[:16]


def written(at: datetime) -> str:
    """A moment as payloads have it: 2026-11-23T01:22:21.123456Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parcel(events: Sequence[Event], *, batch: bool) -> tuple[str, bytes]:
    """The id and the body of one POST: of the same events the same, however often it is tried."""
    if not batch:
        (event,) = events
        return f"msg_{event.key.hex()}", _as_bytes(event.as_json())
    each = [{"id": f"msg_{event.key.hex()}", **event.as_json()} for event in events]
    whole = hashlib.sha256(b"".join(event.key for event in events)).digest()[:16]
    newest = max(event.at for event in events)
    body = {"type": BATCH, "timestamp": written(newest), "data": {"events": each}}
    return f"msg_{whole.hex()}", _as_bytes(body)


def _as_bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def shown_secret(raw: bytes) -> str:
    """A secret as the standard writes it."""
    return _PREFIX + base64.b64encode(raw).decode()


def signed_headers(secrets: Iterable[str], name: str, at: int, body: bytes) -> dict[str, str]:
    """The headers that prove a POST: one signature a secret, so that a receiver may change its own in peace.

    `at` is Unix seconds.
    """
    said = b".".join((name.encode(), str(at).encode(), body))
    keys = [base64.b64decode(secret.removeprefix(_PREFIX)) for secret in secrets]
    signatures = [base64.b64encode(hmac.digest(key, said, "sha256")).decode() for key in keys]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def next_try(tries: int, happened_for: timedelta) -> timedelta | None:
    """How long to wait after so many tries of something that was found so long ago; None: no more."""
    wait = timedelta(seconds=_WAITS[min(tries, len(_WAITS)) - 1])
    return wait if happened_for + wait <= TRIED_FOR else None


def rest_after(failures: int, asked: float = 0.0) -> timedelta:
    """How long a receiver is left in peace after so many failures in a row; `asked`: its own Retry-After."""
    own = min(2.0 ** min(failures - 1, 10), _LONGEST_REST)
    return timedelta(seconds=max(own, min(asked, _LONGEST_ASKED)))


def seconds_asked(retry_after: str) -> float:
    """A Retry-After in seconds; 0 when there is none, or a date (which nearly nobody sends)."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 0.0


def may_be_called(address: str, *, loopback: bool) -> bool:
    """Whether we POST to this address: never to what only machines of a cloud tell each other, such as
    169.254.169.254, in any spelling; to this machine only where the webhook says so by name.
    """
    found = ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    if found in _METADATA:
        return False
    if found.is_loopback:
        return loopback
    return not (found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved)
