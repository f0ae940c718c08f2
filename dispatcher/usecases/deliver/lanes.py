"""The lanes that limit a chunk: its provider's, and its domain's when it holds one domain's messages."""

from dispatcher.limiter import Lane
from dispatcher.rules.lanes import domain_lane, provider_lane
from dispatcher.settings import Settings
from dispatcher.usecases.deliver.lease import Lease


def lanes_of(settings: Settings, lease: Lease) -> list[Lane]:
    """Every lane that each of the chunk's messages takes its units from, with a rate or without: any may be
    slowed by a complaint.
    """
    lanes = [Lane(provider_lane(lease.channel), settings.rate(lease.channel))]
    if lease.lane:
        lanes.append(Lane(domain_lane(lease.lane), settings.domain_rates.get(lease.lane)))
    return lanes
