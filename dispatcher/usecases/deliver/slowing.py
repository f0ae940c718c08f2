"""A provider says slow down: whose lane that is, and how far it is lowered.

Where a domain complains, its lane is slowed and the others go on. Chunks have a lane for limited and frequent
domains alone; the mail to any other domain is spread over the chunks of all others. Of such a one the
messages that were refused are put back into the domain's own lane, where they go on slowly; its few others
are tried as they come, and join them when they are refused too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from dispatcher.channels.base import Outcome
from dispatcher.db import db_now
from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.models import DeliveryLogEntry
from dispatcher.rules.alert import Channel
from dispatcher.rules.lanes import domain_complains, domain_lane, provider_lane
from dispatcher.rules.rates import Rate

_FACTOR = 0.5  # as TCP does at a loss (RFC 5681): far enough down, and found again quickly
_WHOLE_AGAIN_AFTER = 600.0  # seconds; receivers count over minutes
_LATELY = 10.0  # seconds, at most, over which the speed of a lane without a rate is measured


@dataclass(frozen=True, slots=True)
class Complaint:
    """One "slow down". `domain` is the recipient's when it is that domain's server that complains."""

    channel: Channel
    domain: str
    retry_after: float = 0.0  # seconds for which the provider wants nothing at all


class Slowing:
    """What a turn does about complaints. `tell` is for after the commit: it never raises."""

    def __init__(self, house: House, limiter: Limiter) -> None:
        self._house = house
        self._limiter = limiter

    def complaint(self, channel: Channel, address: str, outcome: Outcome) -> Complaint:
        """Who complains about a message to this address."""
        domain = address.rpartition("@")[2].lower() if channel is Channel.EMAIL else ""
        relay = self._house.settings.service(channel).host
        theirs = bool(domain) and domain_complains(domain, outcome.detail, relay)
        return Complaint(channel, domain if theirs else "", outcome.retry_after or 0.0)

    def tell(self, complaints: Sequence[Complaint]) -> None:
        """Lower the lanes. Without the limiter nothing is lowered; then nothing limited leaves either."""
        rests: dict[tuple[Channel, str], float] = {}
        for one in complaints:
            lane = one.channel, one.domain
            rests[lane] = max(rests.get(lane, 0.0), one.retry_after)
        for (channel, domain), rest in rests.items():
            try:
                self._lower(channel, domain, rest)
            except DispatchError:
                return

    def _lower(self, channel: Channel, domain: str, rest: float) -> None:
        settings = self._house.settings
        lane = domain_lane(domain) if domain else provider_lane(channel)
        known = settings.domain_rates.get(domain) if domain else settings.rate(channel)
        speed = None if known else settings.rate(channel) or self._speed_lately(channel)
        self._limiter.lower(lane, _FACTOR, _WHOLE_AGAIN_AFTER, speed=speed, rest=rest)

    def _speed_lately(self, channel: Channel) -> Rate:
        """How fast a channel without a rate was over all workers. A domain's share of it isn't known: a few
        more complaints find that.
        """
        log = select(func.count(), func.min(DeliveryLogEntry.at), db_now())  # its key begins with the time
        lately = (DeliveryLogEntry.at > db_now(-_LATELY), DeliveryLogEntry.channel == channel)
        with self._house.db.reading() as session:
            results, first, now = session.execute(log.where(*lately)).one()
        seconds = (now - first).total_seconds() if results else 0.0
        return Rate(max(1, results), max(1.0, seconds))
