"""What staff are told of when nobody is looking, and how often it is tried."""

from datetime import timedelta
from enum import StrEnum

TOLD_WITHIN = timedelta(hours=24)  # what couldn't be told by then is no news any more
_FIRST_WAIT = 60.0  # seconds; longer than any one try takes, so that two processes don't tell it at once
_LONGEST_WAIT = 3600.0


class Event(StrEnum):
    """What an alarm is about: `event` in what is posted."""

    ALERT_PAUSED = "alert_paused"  # by itself: our fault, or results that say that something is wrong
    UNCERTAIN = "uncertain"  # messages that may or may not have arrived
    NO_WORKER = "no_worker"  # while work is due
    COMPLAINTS = "complaints"  # readers report an alert as spam
    BOUNCES = "bounces"  # too much of an alert went to dead addresses
    BLOCKED = "blocked"  # too much of it was refused or filtered, and it is us
    NOT_DELIVERED = "not_delivered"  # less of it arrived than usual
    LEAVING = "leaving"  # more people leave because of it than usual
    CALLBACKS_SILENT = "callbacks_silent"  # a provider that used to say what arrived says nothing any more
    MAILBOX_AWAY = "mailbox_away"  # the one that is read for us
    NOTICES_STUCK = "notices_stuck"  # single messages that somebody is waiting for
    QUEUE_AWAY = "queue_away"
    DATABASE_AWAY = "database_away"
    DATABASE_OLDER = "database_older"  # it was put back to an earlier day: nothing is sent
    JOURNAL_AWAY = "journal_away"  # it can't be written
    WEBHOOK_OFF = "webhook_off"  # a receiver that took nothing for days is told nothing more
    TEST = "test"


def wait_after(tries: int) -> timedelta:
    """How long until an alarm that couldn't be told is tried again, after so many tries."""
    return timedelta(seconds=min(_FIRST_WAIT * 2 ** min(tries - 1, 10), _LONGEST_WAIT))
