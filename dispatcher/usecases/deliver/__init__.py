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
from dispatcher.usecases.daily import left_today
from dispatcher.usecases.deliver.lease import has_due_work
from dispatcher.usecases.deliver.sweep import idle, sweep
from dispatcher.usecases.deliver.turn import Means, Turn
from dispatcher.usecases.journal import refuse_older_database

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

    Looks at `stop` several times a second, and leaves nothing leased when it returns. Raises DatabaseOlder.
    """
    refuse_older_database(house)
    means = Means(house, senders, limiter, stop, time.monotonic() + seconds)
    if means.over or not Turn(means, channel).run():
        return False
    with house.db.reading() as session:
        return left_today(session, house.settings, channel) != 0 and has_due_work(session, channel)
