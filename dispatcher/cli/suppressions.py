"""`dispatch suppressions import|add|lift|ls`."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from dispatcher.cli.given_addresses import numbered_addresses
from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group
from dispatcher.rules.alert import Channel

_reason = click.option(
    "--reason", "source", required=True, metavar="TEXT", help='How we know, such as "last year\'s tool".'
)


@click.group(cls=Group)
def command() -> None:
    """Addresses that nobody may write to. Only keyed hashes of them are kept: none can be shown again."""


@command.command("import")
@click.argument("file", metavar="FILE|-", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--channel", required=True, type=click.Choice([channel.value for channel in Channel]))
@_reason
@click.option("--column", metavar="NAME", help="The column of the addresses, where it can't be guessed.")
@click.option("--dry-run", is_flag=True, help="Count what would happen; change nothing.")
@json_option
def import_file(
    file: Path, channel: str, source: str, column: str | None, dry_run: bool, as_json: bool
) -> None:
    """Suppress every address of a CSV or XLSX file, or of a plain list, one a line.

    They leave every list that they are on, for good. Rows that say somebody is still subscribed are passed
    over. Importing a file again is harmless.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.suppressing.importing import import_suppressions
    from dispatcher.usecases.suppressing.reading import open_addresses

    house, on = open_house(), Channel(channel)
    with _on_disk(file) as path:
        addresses = open_addresses(path, on, column)
        note(f"Addresses: {'the first column' if addresses.column is None else repr(addresses.column)}")
        tally = import_suppressions(house, addresses, on, source, dry_run=dry_run)
    if as_json:
        problems = [{"line": line, "problem": problem} for line, problem in tally.problems]
        emit({"channel": channel, "dry_run": dry_run, **tally.counts, "problems": problems})
        return
    for name, number in tally.counts.items():
        say(f"{name.replace('_', ' '):<17}{number:>10,}")
    for line, problem in tally.problems:
        note(f"Line {line}: {problem}")
    if dry_run:
        say("This was a dry run: nothing was changed.")


@command.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS... | -")
@_reason
@json_option
def add(addresses: tuple[str, ...], source: str, as_json: bool) -> None:
    """Suppress a few addresses or numbers, and have them leave every list.

    `-` reads them from standard input, one a line, so that none enters the shell's history.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import InvalidAddress
    from dispatcher.usecases.find_subscriber import address_key_of
    from dispatcher.usecases.suppressing.importing import Tally, suppress_keys

    house, tally = open_house(), Tally()
    with house.db.transaction() as session:
        for number, address in numbered_addresses(addresses):
            try:
                channel, key = address_key_of(house.keys, address)
            except InvalidAddress as error:
                tally.invalid += 1
                tally.problems.append((number, str(error)))
                continue
            suppress_keys(session, channel, [key], source, tally)
    if as_json:
        problems = [{"number": number, "problem": problem} for number, problem in tally.problems]
        emit({**tally.counts, "problems": problems})
    else:
        say(f"Newly suppressed: {tally.added:,}. Suppressed already: {tally.known:,}.")
    for number, problem in tally.problems:
        note(f"Address {number}: {problem}")
    if tally.problems:
        raise click.exceptions.Exit(1)


@command.command("lift")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS... | -")
@_reason
@json_option
def lift_bounced(addresses: tuple[str, ...], source: str, as_json: bool) -> None:
    """Let addresses that had bounced be written to again: their owners say that they work.

    Nothing else can be lifted: an opt-out or a complaint is for its owner to take back. `-` reads them from
    standard input, one a line.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.suppressing.lifting import lift_bounce

    house = open_house()
    given = [address for _, address in numbered_addresses(addresses)]
    with house.db.transaction() as session:
        lifted = sum(lift_bounce(session, house.keys, address, source) for address in given)
    if as_json:
        emit({"lifted": lifted, "not_suppressed": len(given) - lifted})
    else:
        say(f"Lifted: {lifted:,}. Weren't suppressed: {len(given) - lifted:,}.")


@command.command("ls")
@json_option
def list_reasons(as_json: bool) -> None:
    """How many addresses are suppressed by each channel, and why."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.suppressing.view import view_suppressions

    with open_house().db.reading() as session:
        found = view_suppressions(session)
    if as_json:
        listed = [
            {"channel": one.channel, "reason": one.reason, "source": one.source, "addresses": one.addresses}
            for one in found
        ]
        emit({"suppressions": listed})
        return
    rows = [(one.channel, one.reason.replace("_", " "), one.source, f"{one.addresses:,}") for one in found]
    table(("channel", "reason", "source", "addresses"), rows)
    note("The addresses themselves aren't kept, only keyed hashes: `subscribers show ADDRESS` looks one up.")


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """The file; of standard input a copy for this user alone, gone afterwards: it is read more than once."""
    if str(file) != "-":
        yield file
        return
    with NamedTemporaryFile(prefix="dispatch-suppressions-", suffix=".csv") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield Path(copy.name)
