"""Suppress every address of a file: in batches, each in a transaction; doing it again changes nothing."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from dispatcher.addresses import AddressProblem, parse_email, parse_phone
from dispatcher.house import House
from dispatcher.keyring import Keyring
from dispatcher.rules.alert import Channel
from dispatcher.usecases.bulk import by_index
from dispatcher.usecases.importing.crowd import lock_people
from dispatcher.usecases.importing.rehearsal import rehearsal
from dispatcher.usecases.suppress import suppress_all
from dispatcher.usecases.suppressing.leaving import leave_all
from dispatcher.usecases.suppressing.reading import AddressFile
from dispatcher.usecases.unsubscribe import REASONS

_AT_ONCE = 1000  # rows a transaction
_PROBLEMS_KEPT = 20


@dataclass(slots=True)
class Tally:
    """What became of the rows. `problems`: the first lines that have no address, with why."""

    added: int = 0
    known: int = 0
    still_subscribed: int = 0
    invalid: int = 0
    left: int = 0  # addresses that were on a list here until now
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        names = ("added", "known", "still_subscribed", "invalid", "left")
        return {name: getattr(self, name) for name in names}


def import_suppressions(
    house: House, file: AddressFile, channel: Channel, source: str, *, dry_run: bool = False
) -> Tally:
    """Suppress them all, and have each leave what it is on, or count what that would do.

    `source` is what staff called it: "last year's tool".
    """
    tally = Tally()
    transactions = rehearsal(house) if dry_run else nullcontext(house.db.transaction)
    with transactions as transaction:
        for keys in _batches(house.keys, file, channel, tally):
            with transaction() as session:
                suppress_keys(session, channel, keys, source, tally)
    return tally


def suppress_keys(
    session: Session, channel: Channel, keys: Iterable[bytes], source: str, tally: Tally
) -> None:
    """Suppress some addresses for the whole organisation, by their keys, and have them leave all lists."""
    different = dict.fromkeys(keys)
    lock_people(session)  # an import that runs meanwhile must see who has left, or come before us
    with by_index(session):
        added = suppress_all(session, channel, different, REASONS[channel], source)
        tally.left += leave_all(session, channel, different, source)
    tally.added += added
    tally.known += len(different) - added


def _batches(keys: Keyring, file: AddressFile, channel: Channel, tally: Tally) -> Iterator[list[bytes]]:
    found = _keys(keys, file, channel, tally)
    while batch := list(islice(found, _AT_ONCE)):
        yield batch


def _keys(keys: Keyring, file: AddressFile, channel: Channel, tally: Tally) -> Iterator[bytes]:
    for row in file.rows():
        if file.still_subscribed(row):
            tally.still_subscribed += 1
            continue
        try:
            yield keys.address_key(normalised(file.address(row), channel))
        except AddressProblem as problem:
            tally.invalid += 1
            if len(tally.problems) < _PROBLEMS_KEPT:
                tally.problems.append((row.line, str(problem)))


def normalised(text: str, channel: Channel) -> str:
    """The address in the one form that its key is made of. Raises AddressProblem."""
    return parse_email(text).normalised if channel is Channel.EMAIL else parse_phone(text).e164
