"""A test alarm, for who wants to know before a bad evening whether alarms arrive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dispatcher.rules.alarms import Event
from dispatcher.settings import Settings
from dispatcher.usecases.alarms.targets import Notice, targets_of

_WORDS = "This is a test alarm: nothing is wrong. Somebody ran `dispatch doctor --alarm`."


@dataclass(frozen=True, slots=True)
class Tried:
    """One target, and what went wrong in telling it, or nothing."""

    shown: str
    problem: str


def try_alarm(settings: Settings) -> Iterator[Tried]:
    """Tell everybody who would be told; nothing is noted and nothing is tried again."""
    now = datetime.now(UTC)
    for target in targets_of(settings):
        yield Tried(target.shown, target.tell(Notice(Event.TEST, _WORDS, now)))
