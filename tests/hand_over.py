"""What a worker would do now, in this process: everything that is due is handed to the settings' senders."""

from dispatcher.channels.choose import choose_sender
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.usecases import deliver

_SECONDS = 20.0


def hand_over(house: House) -> None:
    """Sweep once, then take turns at each channel until nothing more is due."""
    limiter = Limiter(redis_of(house.settings))
    senders = {channel: choose_sender(house.settings, channel) for channel in Channel}
    try:
        for channel in sorted(deliver.sweep(house)):
            deliver.run(house, channel, senders, limiter, lambda: False, _SECONDS)
    finally:
        limiter.close()
        for sender in senders.values():
            sender.close()
