"""What became of one hand-over to a provider: neutral words, which senders answer and rules decide by."""

from enum import StrEnum


class Result(StrEnum):
    """What became of one hand-over. Only UNCERTAIN may have arrived without our knowing."""

    ACCEPTED = "accepted"  # the provider took it: `sent`
    REFUSED = "refused"  # this address is dead or refuses us for good: `bounced`, suppress
    DROPPED = "dropped"  # this message won't go (size, content, a bare 550): `failed`, the address lives
    RETRY = "retry"  # certainly not taken; try again later
    SLOW_DOWN = "slow_down"  # certainly not taken, and the lane is too fast: retry, and slow the lane
    BROKEN = "broken"  # it is us (credentials, unregistered sender): pause the alert; certainly not taken
    UNCERTAIN = "uncertain"  # the message may have been taken; the answer never came
