"""Notices: single messages that answer a person's own act (confirm a sign-up, a fresh link, a code), and the
few that we begin ourselves. How often, for how long they are tried, and whether they keep quiet hours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatcher.rules.results import Result
from dispatcher.rules.retry import BACKOFF, Backoff

KEPT = timedelta(days=7)  # how long what became of one is kept, without address and words
NOTICE_NUMBERS = 4 * 10**15  # above every message's number, every test's and every alarm's mail


class NoticeState(StrEnum):
    """What became of one."""

    QUEUED = "queued"
    SENDING = "sending"  # said before the first byte leaves
    SENT = "sent"
    FAILED = "failed"  # refused, or there is no time left to try
    UNCERTAIN = "uncertain"  # nobody knows: it isn't sent again by itself


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one kind."""

    tried_for: timedelta  # what isn't gone by then helps nobody any more
    gap: timedelta = timedelta(0)  # between two of them to one address
    a_day: int = 3  # to one address: whoever types in a stranger's must not be able to flood them
    ours: bool = False  # we begin, nobody is waiting: a text keeps quiet hours
    agreed: bool = False  # as alerts do, it needs consent until it leaves


# By a kind's first word: `confirm_again` is held to the terms of `confirm`.
_TERMS = {
    "confirm": Terms(tried_for=timedelta(hours=12), gap=timedelta(minutes=5)),
    "moved": Terms(tried_for=timedelta(minutes=15)),  # its code is good for half an hour
    "thanks": Terms(tried_for=timedelta(days=2), a_day=1, ours=True),
    "still": Terms(tried_for=timedelta(days=5), a_day=1, ours=True),  # "are you still there?"
    "received": Terms(tried_for=timedelta(hours=6), a_day=1),  # "a person reads this": by itself
    "answer": Terms(tried_for=timedelta(days=3), a_day=20, ours=True, agreed=True),  # by a person
}
_USUAL = Terms(tried_for=timedelta(hours=6))


def terms_of(kind: str) -> Terms:
    """The terms of a kind of notice."""
    return _TERMS.get(kind.partition("_")[0], _USUAL)


_BROKEN = Backoff(first=60, factor=2, longest=15 * 60)  # it is us: tried again until somebody has mended it
_SETTLED = {
    Result.ACCEPTED: NoticeState.SENT,
    Result.REFUSED: NoticeState.FAILED,
    Result.DROPPED: NoticeState.FAILED,
    Result.UNCERTAIN: NoticeState.UNCERTAIN,
}


def what_follows(
    result: Result,
    terms: Terms,
    *,
    attempt: int,
    now: datetime,
    created_at: datetime,
    jitter: float,
    retry_after: float | None = None,
) -> tuple[NoticeState, datetime | None]:
    """What follows attempt number `attempt` (the first is 1): its state, and when to try again if it is
    queued.

    `jitter`, 0 to 1, spreads those that failed together; `retry_after` is what the provider asked for, in
    seconds.
    """
    if result in _SETTLED:
        return _SETTLED[result], None
    wait = BACKOFF.get(result, _BROKEN).after(attempt) * (1 + jitter) / 2
    again_at = now + timedelta(seconds=max(wait, retry_after or 0.0))
    if again_at - created_at > terms.tried_for:
        return NoticeState.FAILED, None
    return NoticeState.QUEUED, again_at
