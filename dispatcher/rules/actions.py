"""Acts: how we know of them, for how long one counts, and who is thanked by which means."""

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

OCCASION = timedelta(days=30)  # acts and alerts that lie further apart are about different calls
_THANKED_FOR = timedelta(days=7)  # later, thanks would puzzle more than please


class ActionHow(StrEnum):
    """Where the knowledge comes from. A click is no act: they may have stopped at the form."""

    TOLD = "told"  # staff wrote it down: a call, a meeting, a signature on paper
    REPORTED = "reported"  # the site where people act said so
    IMPORTED = "imported"  # it said so in a file


class Became(StrEnum):
    """What became of one report of an act."""

    RECORDED = "recorded"
    KNOWN = "known"  # this person has acted for the campaign that day already, as far as we know
    UNKNOWN = "unknown"  # nobody here has the address
    CONFLICT = "conflict"  # its email address is one person's and its phone number another's: neither acted


class ThanksBy(StrEnum):
    """How a campaign thanks who has acted."""

    EMAIL = "email"
    SMS = "sms"  # a text to those who agreed to no emails: it costs
    NONE = "none"


def day_of(at: datetime, zone: tzinfo) -> datetime:
    """When the day of a moment began where the organisation is: one act a person, campaign and day."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def counts_from(before: datetime | None, now: datetime, zone: tzinfo) -> datetime:
    """Since when acts leave people out of an alert that begins `now`; `before`: when the last one did.

    At least an occasion long, so that a second reminder spares whoever acted after the first alert. From the
    beginning of a day, for of some acts the day alone is known.
    """
    window = now - OCCASION
    return day_of(min(before, window) if before else window, zone)


def is_thanked(at: datetime, now: datetime) -> bool:
    """Whether an act is recent enough for thanks."""
    return now - at <= _THANKED_FOR
