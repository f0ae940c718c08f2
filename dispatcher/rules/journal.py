"""The journal: what must outlive the database, should it be put back to an earlier day.

An entry holds the facts of one transaction, under a random mark. The same entry is a row of the database and
a line of a file outside of it; a line whose mark the database doesn't know tells that the database is older.
There is no personal data in it: people are keyed hashes, as `Keyring.address_key` makes them.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

PULSES_KEPT = timedelta(days=30)
PULSES_COUNT = timedelta(days=25)  # an older one in a file proves nothing: the database may have dropped it


@dataclass(frozen=True, slots=True)
class Left:
    """An address left a list. `list_key` is the keyed hash of its slug: numbers may be given out again."""

    channel: str
    address_key: str  # hex
    list_key: str
    by_stop: bool = False  # a START undoes it


@dataclass(frozen=True, slots=True)
class Returned:
    """An address that had left is on the list again, by its owner's own act."""

    channel: str
    address_key: str
    list_key: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An address must not be contacted at all."""

    channel: str
    address_key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """An address may be contacted again."""

    channel: str
    address_key: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A person was forgotten. `created_at` tells them from somebody who got the same number later."""

    subscriber_id: int
    created_at: str


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """An import was taken back."""

    batch_id: int
    created_at: str


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Messages were made: from here on they may have been sent."""

    alert_id: int
    created_at: str  # the alert's
    campaign: str
    name: str
    practice: bool
    messages: int

    @property
    def which(self) -> tuple[int, str]:
        """What tells the alert from one that got the same number later."""
        return self.alert_id, self.created_at


@dataclass(frozen=True, slots=True)
class Highest:
    """A number that was given out, and has left the house in a Message-ID or a link: never give it again."""

    table: str
    number: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """Messages were sent since the entry before."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup was made. Its own copy of the database ends before this entry."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """The database was put back to an earlier day, and the journal replayed."""


Fact = (
    Left
    | Returned
    | Suppressed
    | Lifted
    | Forgotten
    | ImportUndone
    | LaidOut
    | Highest
    | Pulse
    | BackedUp
    | PutBack
)
F = TypeVar("F")
_KINDS: dict[str, type[Fact]] = {
    "left": Left,
    "returned": Returned,
    "suppressed": Suppressed,
    "lifted": Lifted,
    "forgotten": Forgotten,
    "import_undone": ImportUndone,
    "laid_out": LaidOut,
    "highest": Highest,
    "pulse": Pulse,
    "backed_up": BackedUp,
    "put_back": PutBack,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction's facts: when it was, by the database's clock, and which host wrote it."""

    mark: str  # hex, random
    at: datetime
    host: str
    facts: tuple[Fact, ...]

    @property
    def only_pulse(self) -> bool:
        """Whether the next pulse says all that this entry does."""
        return all(isinstance(fact, Pulse) for fact in self.facts)

    def counts(self, now: datetime) -> bool:
        """Whether a database that doesn't know this entry is older than it."""
        return not self.only_pulse or now - self.at < PULSES_COUNT


def write_facts(facts: Iterable[Fact]) -> str:
    """Facts as JSON: a list of [kind, field, ...]."""
    return json.dumps(_as_lists(facts), separators=(",", ":"))


def read_facts(words: str) -> tuple[Fact, ...]:
    """The facts of `write_facts`."""
    return _from_lists(json.loads(words))


def write_entry(entry: Entry) -> str:
    """An entry as one line of a file, without its end."""
    return json.dumps(
        [entry.mark, entry.at.isoformat(), entry.host, _as_lists(entry.facts)], separators=(",", ":")
    )


def read_entry(line: str) -> Entry | None:
    """The entry of a line; None for one that isn't whole: a crash or a full disk cut it."""
    try:
        mark, at, host, facts = json.loads(line)
        return Entry(str(mark), datetime.fromisoformat(at), str(host), _from_lists(facts))
    except (ValueError, TypeError):
        return None


def _as_lists(facts: Iterable[Fact]) -> list[list[Any]]:
    return [[_NAMES[type(fact)], *astuple(fact)] for fact in facts]


def _from_lists(facts: Iterable[list[Any]]) -> tuple[Fact, ...]:
    """Kinds that only a newer release knows are passed over."""
    return tuple(_KINDS[kind](*fields) for kind, *fields in facts if kind in _KINDS)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Every entry once, the oldest first: two hosts may both have kept it."""
    return sorted({entry.mark: entry for entry in entries}.values(), key=attrgetter("at"))


def compacted(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """What a file must keep: every entry once, but for old pulses."""
    return [entry for entry in in_order(entries) if not entry.only_pulse or now - entry.at < PULSES_KEPT]


def facts_of(entries: Iterable[Entry], kind: type[F]) -> list[F]:
    """Every fact of one kind, in order."""
    return [fact for entry in entries for fact in entry.facts if isinstance(fact, kind)]


def highest_of(entries: Iterable[Entry]) -> dict[str, int]:
    """Table -> the highest number that it ever gave out."""
    highest: dict[str, int] = {}
    for fact in facts_of(entries, Highest):
        highest[fact.table] = max(fact.number, highest.get(fact.table, 0))
    return highest


def opt_outs_to_replay(entries: Sequence[Entry], missing: Collection[str]) -> list[Left | Suppressed]:
    """What the entries with `missing` marks say of people, unless the same address came back afterwards.

    `entries` are all that are known, in order.
    """
    back: set[tuple[str, ...]] = set()
    found: list[Left | Suppressed] = []
    for entry in reversed(entries):
        for fact in reversed(entry.facts):
            if isinstance(fact, Returned | Lifted):
                back.add(_subject(fact))
            elif isinstance(fact, Left | Suppressed) and entry.mark in missing and _subject(fact) not in back:
                found.append(fact)
    return found[::-1]


def _subject(fact: Left | Returned | Suppressed | Lifted) -> tuple[str, ...]:
    of_list = (fact.list_key,) if isinstance(fact, Left | Returned) else ()
    return (fact.channel, fact.address_key, *of_list)
