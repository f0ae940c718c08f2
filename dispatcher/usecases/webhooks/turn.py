"""A worker's turn at webhooks: find what there is to tell, then tell it, for some seconds altogether."""

import time
from collections.abc import Callable

from dispatcher.channels.webhook import Poster
from dispatcher.house import House
from dispatcher.usecases.webhooks.following import anybody_follows, follow, has_unfollowed
from dispatcher.usecases.webhooks.settled import LAG
from dispatcher.usecases.webhooks.telling import ANSWERS_WITHIN, anything_to_tell, tell


def webhooks_wait(house: House) -> bool:
    """Whether a turn may be worth while: not while there is no webhook."""
    with house.db.reading() as session:
        return anybody_follows(session)


def anything_untold(house: House) -> bool:
    """Whether a turn would find something now, or in the next seconds."""
    with house.db.reading() as session:
        if anything_to_tell(session):
            return True
        if not anybody_follows(session):
            return False
    return has_unfollowed(house)


def take_turn(house: House, stopping: Callable[[], bool], within: float, *, lag: float = LAG) -> bool:
    """Follow for half of `within` seconds at most, tell for the rest; whether there is more to do at once.

    A receiver that doesn't answer makes the turn longer by ANSWERS_WITHIN, once.
    """
    began = time.monotonic()
    more = True
    while more and not stopping() and time.monotonic() - began < within / 2:
        more = follow(house, lag=lag)
    with Poster(ANSWERS_WITHIN) as poster:
        left = within - (time.monotonic() - began)
        return tell(house, poster, stopping, left) or more
