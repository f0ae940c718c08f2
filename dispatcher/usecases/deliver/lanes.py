"""The lanes that limit a chunk: its provider, and its domain when that has a limit of its own."""

from dispatcher.limiter import Lane
from dispatcher.settings import Settings
from dispatcher.usecases.deliver.lease import Lease


def lanes_of(settings: Settings, lease: Lease) -> list[Lane]:
    """Every lane that each of the chunk's messages takes its units from; none when nothing is limited."""
    lanes = []
    if rate := settings.rate(lease.channel):
        lanes.append(Lane(f"provider:{lease.channel}", rate))
    if rate := settings.domain_rates.get(lease.lane):
        lanes.append(Lane(f"domain:{lease.lane}", rate))
    return lanes
