"""One thing that a thief would learn."""

from dataclasses import dataclass
from enum import StrEnum


class Taken(StrEnum):
    """What was taken, or handed over."""

    DATABASE = "database"  # a copy, a backup or a disk of its server, without the data key
    MACHINE = "machine"  # this one, switched on or with its disk in the clear
    SMS = "sms"  # the provider's account: by its password, or by a subpoena
    EMAIL = "email"  # the relay's logs
    REDIS = "redis"


@dataclass(frozen=True, slots=True)
class Exposed:
    """What they'd learn, of how many, and what makes it less. `tells` None: worth knowing, but of nobody.

    `code` names the finding for programs; `shrink` is empty where nothing helps.
    """

    taken: Taken
    code: str
    tells: bool | None
    count: int
    words: str
    shrink: str = ""


def exposed(taken: Taken, code: str, count: int, words: str, shrink: str) -> Exposed:
    """A finding that tells something unless its count is 0; then there is nothing to shrink either."""
    return Exposed(taken, code, bool(count), count, words, shrink if count else "")
