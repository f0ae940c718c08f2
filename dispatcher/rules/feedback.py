"""What an event that a provider told means for its message and its address. Total: nothing raises.

The message. It moves along rules.moves alone, so late, repeated and overtaking events change nothing. What
was accepted, or is being tried again by the provider, is sent. What was given up, softly, for our sake or for
this message's, has failed; it isn't sent again by itself. What arrived, bounced hard or was complained about
is so whichever attempt it was: also when the message waits to be sent once more, which then doesn't happen.
A word on an attempt that a later one has replaced says nothing else.

The address. A hard bounce and a complaint suppress at once. A soft bounce is a strike; strikes suppress when
they go on (`gives_up`), and one that arrives clears them. What was blocked or failed is our affair, and no
strike. Somebody who leaves a provider's way leaves the alert's lists, as by the link in it; by SMS (21610) it
is a STOP, which is the number's word for everything.

No lane is slowed: a provider that tells of a deferral has the message in its own queue, at its own pace.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from dispatcher.rules.alert import Channel
from dispatcher.rules.bounce_kinds import bounce_kind
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.events import EventKind
from dispatcher.rules.moves import Status, may_move


class Outcome(StrEnum):
    """What came of an event."""

    MOVED = "moved"  # its message has a new status
    NOTED = "noted"  # it changes nothing: late, repeated in other words, or of a kind that doesn't
    SUPPRESSED = "suppressed"  # its address isn't written to any more
    LEFT = "left"  # the person has left
    ORPHAN = "orphan"  # about no message of ours, as far as we know
    GONE = "gone"  # its message was deleted when it had been kept long enough


@dataclass(frozen=True, slots=True)
class Consequence:
    """What to do. By default: nothing."""

    status: Status | None = None  # what the message becomes
    suppress: SuppressionReason | None = None
    strike: bool = False  # against the address
    clears: bool = False  # its strikes: it can be reached
    leaves: bool = False


K = EventKind

# What each kind says of its message. The others say nothing of it.
_SAYS: dict[EventKind, Status] = {
    K.ACCEPTED: Status.SENT,
    K.DEFERRED: Status.SENT,
    K.DELIVERED: Status.DELIVERED,
    K.SOFT_BOUNCE: Status.FAILED,
    K.BLOCKED: Status.FAILED,
    K.FAILED: Status.FAILED,
    K.HARD_BOUNCE: Status.BOUNCED,
    K.COMPLAINED: Status.COMPLAINED,
}
_ORDER = {kind: place for place, kind in enumerate(_SAYS)}
_FINAL_FOR_EVERY_ATTEMPT = frozenset({Status.DELIVERED, Status.BOUNCED, Status.COMPLAINED})
_SUPPRESSES = {
    K.HARD_BOUNCE: SuppressionReason.BOUNCED,
    K.COMPLAINED: SuppressionReason.COMPLAINED,
}

# Kinds that are kept at all. Clicks are counted by our own links, opens by nobody, replies kept elsewhere.
KEPT = frozenset({*_SAYS, K.UNSUBSCRIBED})


def rank(kind: EventKind) -> int:
    """In which order events of one message are taken that came together: as they happen to a message that
    goes well, and what is worse afterwards.
    """
    return _ORDER.get(kind, len(_ORDER))


@cache
def consequence(
    kind: EventKind, status: Status | None, channel: Channel, *, earlier: bool = False
) -> Consequence:
    """What follows from an event about a message in `status` (None: we don't know its message).

    `earlier`: about an attempt whose result is known, and which isn't the message's present one.
    """
    suppress = _SUPPRESSES.get(kind)
    if kind is K.UNSUBSCRIBED and channel is Channel.SMS:  # 21610: the text was refused, as after a STOP
        suppress = SuppressionReason.STOP
    return Consequence(
        status=_becomes(kind, status, channel, earlier=earlier),
        suppress=suppress,
        strike=kind is K.SOFT_BOUNCE,
        clears=kind is K.DELIVERED,
        leaves=kind is K.UNSUBSCRIBED,
    )


def _becomes(kind: EventKind, status: Status | None, channel: Channel, *, earlier: bool) -> Status | None:
    said = _SAYS.get(kind)
    if kind is K.UNSUBSCRIBED and channel is Channel.SMS:
        said = Status.FAILED
    if status is None or said is None or (earlier and said not in _FINAL_FOR_EVERY_ATTEMPT):
        return None
    return said if may_move(status, said, by_event=True) else None


def error_of(kind: EventKind, provider: str, code: str) -> str:
    """The short stable code of what went wrong, as our own senders write it: "smtp 5.1.1", "twilio 30003"."""
    if not code:
        return str(kind).replace("_", " ")
    return f"{'twilio' if provider == 'twilio' else 'smtp'} {code}"


# Soft bounces before an address is given up: on so many different days within a month, over a week at least,
# and nothing delivered between. Our judgement. A mailbox that is full, or a phone that is off, over a holiday
# and three alerts is no dead one; the list managers that say theirs are close to it (Mailman 3 gives up at a
# score of 5, one a day at most, and forgets after 7 days without a bounce; Mailchimp cleans after 7 soft
# bounces, 15 of active contacts; both write daily or weekly, we a few times a month).
STRIKES = 3
STRIKES_OVER = timedelta(days=7)
STRIKES_WITHIN = timedelta(days=30)


def gives_up(days: Collection[date]) -> bool:
    """Whether an address that failed softly on these days, with nothing delivered between, is given up."""
    if not days:
        return False
    newest = max(days)
    counted = {day for day in days if newest - day < STRIKES_WITHIN}
    return len(counted) >= STRIKES and newest - min(counted) >= STRIKES_OVER


# A reply's key as our senders log it, of a refusal or of the last of many tries.
_OWN_REFUSAL = re.compile(r"(?:smtp|tried for .{1,40}\(smtp) ([45]\d\d)(?: ([45]\.\d{1,3}\.\d{1,3}))?\)?")


def refusal_is_a_strike(error: str, words: str) -> bool:
    """Whether what a server said in our own dialogue counts against the address: it gave no reason, or one
    that may pass. What is about us or the message doesn't count, and a dead address is suppressed at once.

    `error` and `words` as the delivery log has them.
    """
    found = _OWN_REFUSAL.fullmatch(error)
    if found is None:
        return False
    return bounce_kind(int(found[1]), found[2] or "", words) in {K.SOFT_BOUNCE, K.UNKNOWN}


ORPHANS_TRIED_FOR = timedelta(days=3)
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=6)


def tried_again_after(tries: int, age: timedelta) -> timedelta | None:
    """How long until an event about an unknown message is tried again, after so many tries; None: never.

    The answer to our own request may come later than the event. `age`: since it was taken in.
    """
    wait = min(_FIRST_WAIT * 2 ** min(max(tries - 1, 0), 20), _LONGEST_WAIT)
    return wait if age + wait <= ORPHANS_TRIED_FOR else None
