"""What a report counts, and one row of it: numbers that add up to those of the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatcher.rules.moves import OPEN, Status
from dispatcher.usecases.outcomes import SENT


class Measure(StrEnum):
    """Each message has one of SENT, FAILED, UNCERTAIN, SKIPPED, CANCELLED and WAITING: together AUDIENCE."""

    AUDIENCE = "audience"
    SENT = "sent"  # handed to the provider; or the address itself refused it
    DELIVERED = "delivered"  # of the sent: somebody told us that it arrived
    BOUNCED = "bounced"  # of the sent: the address is dead, or takes nothing of ours
    COMPLAINED = "complained"  # of the sent: reported as spam, so it did arrive
    CLICKED = "clicked"  # of the sent: people who opened a link
    VISITS = "visits"  # how often people opened links: one may do so twice
    ACTED = "acted"  # of the sent: people who did what the campaign asks for, until its next alert
    LEFT = "left"  # of the sent: addresses that left because of it (usecases.outcomes.leavings)
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    WAITING = "waiting"


M = Measure

_STATUSES: Mapping[Measure, Iterable[Status]] = {
    M.AUDIENCE: tuple(Status),
    M.SENT: SENT,
    M.DELIVERED: (Status.DELIVERED, Status.COMPLAINED),
    M.BOUNCED: (Status.BOUNCED,),
    M.COMPLAINED: (Status.COMPLAINED,),
    M.FAILED: (Status.FAILED,),
    M.UNCERTAIN: (Status.UNCERTAIN,),
    M.SKIPPED: (Status.SKIPPED,),
    M.CANCELLED: (Status.CANCELLED,),
    M.WAITING: tuple(OPEN),
}

Numbers = Mapping[Measure, int | None]  # None: nobody knows; 0 is a count


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of some of an alert's messages: of a channel, or of one language or domain of it."""

    label: str
    numbers: Numbers
    # Of a sensitive alert: small, or something small could be reckoned from it; counted under `other`.
    hidden: frozenset[Measure] = frozenset()

    def __getitem__(self, measure: Measure) -> int | None:
        return self.numbers[measure]

    def count(self, measure: Measure) -> int:
        """The number, 0 where nobody knows."""
        return self.numbers[measure] or 0


def measured(
    statuses: Mapping[Status, int], *, told: bool, further: Mapping[Measure, int | None]
) -> dict[Measure, int | None]:
    """The numbers of messages with these statuses. `told`: the provider tells what was delivered.

    `further` are those that no status says; what it lacks isn't known.
    """
    numbers: dict[Measure, int | None] = {}
    for measure in Measure:
        if measure not in _STATUSES:
            numbers[measure] = further.get(measure)
        elif measure is Measure.DELIVERED and not told:
            numbers[measure] = None
        else:
            numbers[measure] = sum(statuses.get(status, 0) for status in _STATUSES[measure])
    return numbers
