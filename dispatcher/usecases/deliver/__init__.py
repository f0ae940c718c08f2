"""How a message is sent: lease a chunk, render, reserve, intend, hand over, settle; reap what a crash left.

`run` is one task of a worker, `sweep` what its timer does. The database is the truth; a wake-up may be lost
or come twice.
"""

import time
from collections.abc import Callable, Mapping

from dispatcher.channels.base import Sender
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.usecases.deliver.lease import has_due_work, lease_chunk
from dispatcher.usecases.deliver.sweep import idle, sweep
from dispatcher.usecases.deliver.turn import Means, Turn

__all__ = ["idle", "run", "sweep"]


def run(
    house: House,
    channel: Channel,
    senders: Mapping[Channel, Sender],
    limiter: Limiter,
    stop: Callable[[], bool],
    seconds: float,
) -> bool:
    """Send a channel's due messages for about `seconds`; True when more work is due now.

    Looks at `stop` between mini-batches, and leaves nothing leased when it returns.
    """
    means = Means(house, senders, limiter, stop, time.monotonic() + seconds)
    while not means.over:
        with house.db.transaction() as session:
            lease = lease_chunk(
                session, channel, house.settings.lease_seconds, practice=senders[channel].practice
            )
        if lease is None:
            return False
        Turn(means, lease).run()
    with house.db.reading() as session:
        return has_due_work(session, channel)
