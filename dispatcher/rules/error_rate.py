"""When the results of an alert say that something is wrong: a pause now is better than a closed account.

A share is judged by what chance can't explain: the lower end of its Wilson interval at three standard
deviations, so that a few unlucky ones among the first fifty stop nothing and a disaster stops at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status

WINDOW = 500  # results of a channel that are looked at, newest first
LEAST = 50  # results below which nothing is judged
_DEVIATIONS = 3.0  # the rule is asked again and again: at two it would cry wolf once in some 40 looks

# The statuses that are results: of a message that was handed over, or of one that was refused.
JUDGED = frozenset({Status.SENT, Status.BOUNCED, Status.COMPLAINED, Status.FAILED})

_FILTERED = frozenset({"twilio 30004", "twilio 30007"})  # blocked; filtered by Twilio or the carrier
_UNWRITTEN = frozenset({"template", "its worker died rendering it"})
_TIME_RAN_OUT = ("deadline (", "tried for ")
# Full, asleep or away, and not refused: RFC 3463 has mailboxes' own troubles as X.2.X.
_SOFT = re.compile(r"soft bounce|smtp (?:\d{3} )?(?:4\.(?!7\.)|5\.2\.)|smtp 4\d\d$")


class Kind(StrEnum):
    """What a result says about us and about our list."""

    FINE = "fine"
    GONE = "gone"  # there is no such address or number
    BLOCKED = "blocked"  # the address lives, and refuses this message, or us
    COMPLAINED = "complained"
    UNREACHED = "unreached"  # tried, and not arrived
    UNWRITTEN = "unwritten"  # our own template failed


_BY_STATUS = {
    Status.SENT: Kind.FINE,
    Status.BOUNCED: Kind.GONE,
    Status.COMPLAINED: Kind.COMPLAINED,
}

# The share that is borne, by channel and kind. Beyond it the alert pauses.
BORNE: dict[tuple[Channel, Kind], float] = {
    # Amazon SES stops an account's sending at 10% bounces and at 0.5% complaints (its Developer Guide,
    # "Reputation metrics messages"); others have similar figures without saying them.
    (Channel.EMAIL, Kind.GONE): 0.10,
    (Channel.EMAIL, Kind.COMPLAINED): 0.005,
    # What filters dislike they refuse to nearly everybody; one in ten is more than old mailboxes explain.
    (Channel.EMAIL, Kind.BLOCKED): 0.10,
    # Paper lists hold landlines and wrong digits; a carrier takes many of them for a bought list.
    (Channel.SMS, Kind.GONE): 0.20,
    # Filtered texts are billed, each one hurts the number, and nobody filters one in twenty by chance.
    (Channel.SMS, Kind.BLOCKED): 0.05,
    (Channel.SMS, Kind.UNREACHED): 0.40,  # phones are off; but not nearly half of them
    (Channel.EMAIL, Kind.UNWRITTEN): 0.10,
    (Channel.SMS, Kind.UNWRITTEN): 0.10,
}


@dataclass(frozen=True, slots=True)
class Alarming:
    """So many results of this kind among the newest `results`."""

    channel: Channel
    kind: Kind
    number: int
    results: int


def kind_of(channel: Channel, status: Status, error: str | None) -> Kind:
    """What one line of the delivery log says. `status` is one of JUDGED."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    code = error or ""
    if code in _UNWRITTEN:
        return Kind.UNWRITTEN
    if code.startswith(_TIME_RAN_OUT):
        return Kind.UNREACHED
    if channel is Channel.SMS:
        return Kind.BLOCKED if code in _FILTERED else Kind.UNREACHED
    return Kind.UNREACHED if _SOFT.match(code) else Kind.BLOCKED


def alarming(
    channel: Channel, counts: Mapping[Kind, int], allowed: Mapping[Kind, int] | None = None
) -> Alarming | None:
    """The kind that there is too much of among a channel's newest results; None when all is as it should be.

    A late bounce is counted beside the `sent` of its message: shares of late ones read lower than they are,
    never higher. `allowed`: how often somebody has said for each kind that the alert shall go on all the
    same; each time twice as much is borne.
    """
    results = sum(counts.values())
    if results < LEAST:
        return None
    for (of, kind), borne in BORNE.items():
        number = counts.get(kind, 0)
        bar = borne * 2 ** (allowed or {}).get(kind, 0)
        if of is channel and _surely(number, results) > bar:
            return Alarming(channel, kind, number, results)
    return None


def _surely(number: int, results: int) -> float:
    """The share that is at least there: the lower end of the Wilson score interval."""
    share, z2 = number / results, _DEVIATIONS**2
    spread = _DEVIATIONS * sqrt(share * (1 - share) / results + z2 / (4 * results**2))
    return (share + z2 / (2 * results) - spread) / (1 + z2 / results)
