"""What to do after an attempt: decided from what became of it, how often it was tried, and the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatcher.rules.moves import Status
from dispatcher.rules.results import Result

LONGEST_TRY = timedelta(hours=48)  # from the first attempt: what isn't gone by then is no news any more


@dataclass(frozen=True, slots=True)
class Settle:
    """The attempt was the last one: the message gets `status`."""

    status: Status
    suppress: bool = False  # the address must not be contacted again


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Certainly not taken: back in the queue until `moment`."""

    moment: datetime
    slow_lane: bool = False  # the provider asked for a slower lane


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Certainly not taken, and no time left: `failed`, for `reason`."""

    reason: str
    slow_lane: bool = False  # the provider asked for a slower lane all the same


@dataclass(frozen=True, slots=True)
class PauseAlert:
    """It is us: the message goes back to the queue, and the alert waits for a person."""


Decision = Settle | RetryAt | GiveUp | PauseAlert


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds to wait after the first attempt, how they grow with each, and where they end."""

    first: float
    factor: float
    longest: float

    def after(self, attempt: int) -> float:
        """Seconds to wait after attempt number `attempt` (the first is 1)."""
        steps = min(attempt - 1, 20)  # beyond that any growth has reached its end; a float has one too
        return float(min(self.first * self.factor**steps, self.longest))


SETTLED: dict[Result, Settle] = {
    Result.ACCEPTED: Settle(Status.SENT),
    Result.REFUSED: Settle(Status.BOUNCED, suppress=True),
    Result.DROPPED: Settle(Status.FAILED),
    Result.UNCERTAIN: Settle(Status.UNCERTAIN),
}

BACKOFF: dict[Result, Backoff] = {
    Result.RETRY: Backoff(first=60, factor=3, longest=4 * 3600),  # greylisting opens after 5 to 15 minutes
    Result.SLOW_DOWN: Backoff(first=15, factor=2, longest=15 * 60),  # the lane is slower by then
}


def decide(
    result: Result,
    *,
    attempt: int,
    now: datetime,
    first_at: datetime,
    jitter: float,
    deadline: datetime | None = None,
    retry_after: float | None = None,
) -> Decision:
    """What follows attempt number `attempt` (the first is 1) that ended as `result`.

    `first_at` is when the first attempt was made, `deadline` when the alert is pointless, `retry_after` what
    the provider asked for in seconds. `jitter`, 0 to 1, spreads people who failed together: the wait is
    between half and all of what the table says, and never shorter than the provider asked for.
    """
    if result in SETTLED:
        return SETTLED[result]
    if result is Result.BROKEN:
        return PauseAlert()
    wait = BACKOFF[result].after(attempt) * (1 + jitter) / 2
    if retry_after is not None:
        wait = max(wait, retry_after * (1 + jitter / 10))
    moment, slow_lane = now + timedelta(seconds=wait), result is Result.SLOW_DOWN
    if deadline is not None and moment >= deadline:
        return GiveUp("deadline", slow_lane)
    if moment - first_at > LONGEST_TRY:
        return GiveUp("tried for 48 hours", slow_lane)
    return RetryAt(moment, slow_lane)
