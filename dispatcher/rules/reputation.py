"""When what comes back of an alert says that our name suffers: what is borne, on which channel.

A share is crossed when it is over what is borne, never at it, and only by enough people: two of them aren't a
judgement, whatever their share. Shares are compared exactly. docs/adr/0033 has where the figures come from.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import Channel


@dataclass(frozen=True, slots=True)
class Bar:
    """What is borne: this share, and fewer than so many of any share."""

    borne: Fraction
    least: int

    def is_crossed(self, number: int, of: int) -> bool:
        return number >= self.least and number > self.borne * of

    def count_to(self, number: int) -> int:
        """Among so many, `number` is borne: who has counted to here needn't count on."""
        return math.ceil(number / self.borne)


@dataclass(frozen=True, slots=True)
class Concern:
    """What is wrong with an alert on a channel: `number` of `of` messages."""

    event: Event
    channel: Channel
    number: int
    of: int
    grave: bool = False  # complaints: the alert pauses
    since_resumed: bool = False  # somebody knew of others, and let it go on
    usual: Fraction | None = None  # the share of earlier alerts


# Gmail (Email sender guidelines): keep below 0.1%, never reach 0.3%; Yahoo: below 0.3%. Of what arrived.
# Three people: an honest list has some 0.05%, so that at the smallest alerts that three can cross 0.3% with
# (999 arrived, 0.5 expected) chance pauses one in seventy; with two (666, 0.33 expected) it would be one in
# twenty-three, and one alone (333, 0.17 expected) would stop one in six.
COMPLAINTS_WARN = Bar(Fraction(1, 1000), least=3)
COMPLAINTS_PAUSE = Bar(Fraction(3, 1000), least=3)

# Amazon SES puts an account under review at 5% and stops it at 10% (Developer Guide, "Reputation metrics
# messages"). Paper lists hold landlines and wrong digits, so that texts have more. Of all that was tried.
# Ten: a healthy 2% comes to ten of 199 once in 140 times, to five of 99 once in twenty.
BOUNCES: Mapping[Channel, Bar] = {
    Channel.EMAIL: Bar(Fraction(5, 100), least=10),
    Channel.SMS: Bar(Fraction(10, 100), least=10),
}

# Half of what makes an alert pause while it is sent (rules.error_rate): nobody is filtered by chance.
# Ten and five: 1% comes to five texts of 199 once in twenty times, 0.5% once in 290.
BLOCKED: Mapping[Channel, Bar] = {
    Channel.EMAIL: Bar(Fraction(5, 100), least=10),
    Channel.SMS: Bar(Fraction(25, 1000), least=5),
}

# Twice the usual; where that is little, what nobody minds: an email loses some 0.2% of its readers, and those
# who resell Twilio warn at 1% to 2% STOP and lock at 2% to 3%. Ten: 0.2% comes to ten of 1,999 once in 120
# times. Five: 0.5% comes to five of 249 as rarely.
_TIMES_USUAL = 2
_LEAVING_FLOOR: Mapping[Channel, Bar] = {
    Channel.EMAIL: Bar(Fraction(5, 1000), least=10),
    Channel.SMS: Bar(Fraction(2, 100), least=5),
}

# Ten points less than usual, or without a usual less than this. Twenty: a list of which one in ten usually
# doesn't arrive comes to twenty of 99 once in 570 times.
_DELIVERY_FALLS = Fraction(10, 100)
_DELIVERY_FLOOR: Mapping[Channel, Fraction] = {
    Channel.EMAIL: Fraction(90, 100),
    Channel.SMS: Fraction(80, 100),
}
_UNDELIVERED_LEAST = 20
CALLBACKS_TAKE = timedelta(hours=1)  # after a channel's last message: nearly all come within minutes

EARLIER = 5  # alerts that say what is usual
_ENOUGH_EARLIER = 3
EARLIER_LEAST = 100  # messages of an alert that says what is usual

# Whatever is usual, so much undelivered is borne: only beyond it somebody needs to ask what was.
UNDELIVERED_ANYWAY = Bar(_DELIVERY_FALLS, _UNDELIVERED_LEAST)


def usual(shares: Iterable[Fraction]) -> Fraction | None:
    """The median of earlier alerts' shares, which one bad alert doesn't move; None of fewer than three."""
    known = sorted(shares)
    if len(known) < _ENOUGH_EARLIER:
        return None
    middle = len(known) // 2
    return (known[middle] + known[~middle]) / 2


def leaving_bar(channel: Channel, usually: Fraction | None) -> Bar:
    """What share may leave because of an alert, when `usually` does."""
    floor = _LEAVING_FLOOR[channel]
    return Bar(max(floor.borne, _TIMES_USUAL * (usually or Fraction(0))), floor.least)


def undelivered_bar(channel: Channel, usually: Fraction | None) -> Bar:
    """What share may not arrive, when `usually` is the share that does."""
    wanted = _DELIVERY_FLOOR[channel] if usually is None else usually - _DELIVERY_FALLS
    return Bar(1 - wanted, _UNDELIVERED_LEAST)
