"""Why a person has no message of an alert by a channel: the first reason that holds."""

from dataclasses import dataclass
from datetime import datetime

_NONE = "would get it by the next `dispatch send`"


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one person, one alert and one channel, where there is no message."""

    laid_out_at: datetime | None  # when the audience was looked up; None: not yet
    closed: bool = False  # retention has deleted the alert's messages
    chosen: bool = True  # the alert goes by this channel
    has_address: bool = True
    joined_at: datetime | None = None  # the newest of its lists that the person is or was on; None: of none
    left_at: datetime | None = None  # None: still on one of them
    same_address: bool = True  # what joined is the address of today
    suppressed: str = ""  # why the address must not be contacted
    meant: bool = True  # inside its segment, and not among its exceptions
    acted: bool = False  # had done already what it asks for, and we knew it when the audience was looked up
    acted_since: bool = False  # we know it today
    reads: bool = True  # the alert has words in a language that the person reads
    language: str = ""
    hours: bool = True  # there is an hour that suits all zones that the number may be in
    shared: bool = False  # somebody with the same number got it
    limit: int | None = None


def why_not(case: Case) -> str:
    """The reason in words for staff."""
    return next((words for words, holds in _reasons(case) if holds), _NONE)


def _reasons(case: Case) -> list[tuple[str, bool]]:
    laid_out, left = case.laid_out_at, case.left_at
    return [
        ("not known any more: the alert is closed, its messages are deleted", case.closed),
        ("the alert doesn't go by this channel", not case.chosen),
        ("no address on this channel", not case.has_address),
        ("wasn't on its lists", case.joined_at is None),
        ("left before it was sent", left is not None and (laid_out is None or left <= laid_out)),
        ("left since", left is not None),
        ("has another address now, which hasn't agreed", not case.same_address),
        (f"suppressed ({case.suppressed})", bool(case.suppressed)),
        ("it hasn't begun yet", laid_out is None),
        ("joined after it was sent", _after(case.joined_at, laid_out)),
        ("outside of its segment", not case.meant),
        ("has acted already", case.acted),
        (f"reads {case.language}, which isn't there", not case.reads),
        ("no hour suits all zones that the number may be in", not case.hours),
        ("shares the number with somebody who got it", case.shared),
        (f"beyond --limit {case.limit}", case.limit is not None),
        ("has acted since", case.acted_since),
    ]


def _after(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and other is not None and moment > other
