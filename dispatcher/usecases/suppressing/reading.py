"""A file of addresses that must not be contacted: which column has them, and which rows mean it.

Other tools export opt-outs in files of many shapes: one address a line, a column among others, or everybody
with a column that says who is still subscribed. Of such a one only those who aren't are taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dispatcher.addresses import AddressProblem, parse_email, parse_phone
from dispatcher.errors import ImportRefused
from dispatcher.rules.alert import Channel
from dispatcher.rules.formulas import restored
from dispatcher.usecases.importing.files import PeopleFile, Row, open_people_file
from dispatcher.usecases.importing.spellings import COLUMNS, plain

# Beside the spellings that imports know: what opt-outs are called by Mailchimp, Action Network, Twilio and
# others in their exports.
_MORE = {
    Channel.EMAIL: ("recipient", "address", "unsubscribedemail", "unsubscriber", "subscriber"),
    Channel.SMS: ("number", "recipient", "from", "msisdn", "optedoutnumber", "contact", "subscriber"),
}
_FIELDS = {Channel.EMAIL: "email", Channel.SMS: "phone"}
_STATUS = frozenset(
    """
    status emailstatus smsstatus subscriptionstatus subscriberstatus memberstatus emailmarketingstatus
    emailsubscriptionstatus phonestatus mobilestatus mobilesubscriptionstatus optinstatus
    """.split()
)
_STILL = frozenset("subscribed active optedin optin confirmed enabled subscriber".split())
_SHORTEST_PHONE = 10  # digits


@dataclass(frozen=True, slots=True)
class AddressFile:
    """A file that was looked over. `column`: what its addresses are headed by; None where nothing is."""

    file: PeopleFile
    place: int
    column: str | None
    status: int | None  # the column that says who is still subscribed

    def rows(self) -> Iterator[Row]:
        """Every row that has an address."""
        if self.column is None:
            yield Row(1, list(self.file.header))
        yield from self.file.rows()

    def address(self, row: Row) -> str:
        """What stands where the address should be."""
        return restored(row.cells[self.place].strip()) if self.place < len(row.cells) else ""

    def still_subscribed(self, row: Row) -> bool:
        """Whether the row says that this person has not left."""
        if self.status is None or self.status >= len(row.cells):
            return False
        return plain(row.cells[self.status]) in _STILL


def open_addresses(path: Path, channel: Channel, column: str | None = None) -> AddressFile:
    """Look a file over; changes nothing. Raises ImportRefused, saying how to mend it."""
    spellings = (plain(column),) if column else (*COLUMNS[_FIELDS[channel]], *_MORE[channel])
    try:
        file = open_people_file(path, partial(_named, spellings))
    except ImportRefused:
        if column:
            raise _no_such_column(path, column) from None
        bare = _without_headings(path, channel)
        if bare is None:
            raise
        return bare
    words = [plain(heading) for heading in file.header]
    if channel is Channel.SMS and column is None and {"from", "body"} <= set(words):
        problem = (
            "is a log of messages: not everybody in it has left. Keep the rows of those who did, and say "
            "which column has their numbers with --column NAME."
        )
        raise ImportRefused(file=path.name, problem=problem)
    place = words.index(next(spelling for spelling in spellings if spelling in words))
    status = next((nth for nth, word in enumerate(words) if word in _STATUS), None)
    return AddressFile(file, place, file.header[place], status)


def is_address(text: str, channel: Channel) -> bool:
    """Whether it is one, as imports read it."""
    try:
        (parse_email if channel is Channel.EMAIL else parse_phone)(text)
    except AddressProblem:
        return False
    return True


def _no_such_column(path: Path, column: str) -> ImportRefused:
    there = ", ".join(filter(None, open_people_file(path, any).header))  # whatever its first line is
    return ImportRefused(file=path.name, problem=f"there is no column {column!r}. There are: {there}.")


def _named(spellings: Sequence[str], cells: Sequence[str]) -> bool:
    return any(plain(cell) in spellings for cell in cells)


def _without_headings(path: Path, channel: Channel) -> AddressFile | None:
    """The same file, if it begins with an address at once."""
    try:
        file = open_people_file(path, lambda cells: any(_looks_like(cell, channel) for cell in cells))
    except ImportRefused:
        return None
    place = next(nth for nth, cell in enumerate(file.header) if _looks_like(cell, channel))
    return AddressFile(file, place, None, None)


def _looks_like(cell: str, channel: Channel) -> bool:
    if channel is Channel.SMS and sum(map(str.isdigit, cell)) < _SHORTEST_PHONE:
        return False
    return is_address(restored(cell.strip()), channel)
