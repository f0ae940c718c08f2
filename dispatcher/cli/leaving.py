"""`dispatch subscribers unsubscribe|forget`: opt-outs that staff take. `-` reads addresses, one a line."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.counting import people
from dispatcher.cli.given_addresses import numbered_addresses
from dispatcher.cli.out import confirm, emit, json_option, note, say

if TYPE_CHECKING:
    from dispatcher.errors import DispatchError
    from dispatcher.usecases.forget import Forgotten

_STDIN = "-"


@click.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS... | -")
@click.option(
    "--list", "list_slug", metavar="LIST", help="Leave this list alone. Default: everything, for good."
)
@click.option("--source", default="opt-out taken by staff", show_default=True, help="How they told you.")
@json_option
def unsubscribe(addresses: tuple[str, ...], list_slug: str | None, source: str, as_json: bool) -> None:
    """Take opt-outs that came by phone or letter.

    `-` reads addresses from standard input, one a line, so that none enters the shell's history.

    An address that nobody has here is kept out of later imports all the same.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import InvalidAddress
    from dispatcher.usecases.lists import require_list
    from dispatcher.usecases.unsubscribe import unsubscribe as take

    house = open_house()
    problems = []
    counts: Counter[str] = Counter(unsubscribed=0, new=0)
    with house.db.transaction() as session:
        list_id = require_list(session, list_slug).id if list_slug else None
        for number, address in numbered_addresses(addresses):
            try:
                taken = take(session, house.keys, address, source, list_id=list_id)
            except InvalidAddress as error:
                problems.append(_problem(number, error))
                continue
            counts["unsubscribed"] += 1
            counts["new"] += taken.suppressed or bool(taken.lists)
    if as_json:
        emit({**counts, "problems": problems})
    else:
        done, before = counts["unsubscribed"], counts["unsubscribed"] - counts["new"]
        had_left = f" {before:,} of them had left before." if before else ""
        say(f"{done:,} addresses are off {list_slug or 'every list, for good'}.{had_left}")
    _tell(problems)


@click.command()
@click.argument("who", metavar="ID|ADDRESS | -")
@click.option("--reason", default="", metavar="TEXT", help="Who asked for it, and how. It is kept.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def forget(who: str, reason: str, yes: bool, as_json: bool) -> None:
    """Forget a person for good: only keyed hashes are left, so that no import brings them back.

    `-` reads addresses from standard input, one a line, so that none enters the shell's history; with --yes.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.forget import forget as forget_person

    house = open_house()
    if who == _STDIN:
        if not yes:
            raise click.UsageError("Addresses come from standard input, so nobody can be asked: add --yes.")
        _forget_lines(house, reason, as_json=as_json)
        return
    confirm("Forget this person? It can't be undone.", yes=yes)
    with house.db.transaction() as session:
        forgotten = forget_person(session, house.keys, who, reason=reason)
    if as_json:
        emit(
            {
                "forgotten": forgotten.subscriber_id,
                "phone_shared": forgotten.phone_shared,
                "held": forgotten.held,
            }
        )
        return
    known = (
        f"Subscriber {forgotten.subscriber_id} is forgotten."
        if forgotten.subscriber_id
        else "Nobody here had it."
    )
    say(f"{known} No import will bring the address back.")
    _note_what_stays(held=forgotten.held, phone_shared=forgotten.phone_shared)


def _forget_lines(house: Any, reason: str, *, as_json: bool) -> None:
    from dispatcher.errors import InvalidAddress, SharedPhone, UnknownSubscriber
    from dispatcher.usecases.forget import forget as forget_person

    problems = []
    done: list[Forgotten] = []
    with house.db.transaction() as session:
        for number, who in numbered_addresses((_STDIN,)):
            try:
                done.append(forget_person(session, house.keys, who, reason=reason))
            except (InvalidAddress, SharedPhone, UnknownSubscriber) as error:
                problems.append(_problem(number, error))
    counts = {
        "forgotten": sum(one.subscriber_id is not None and not one.held for one in done),
        "nobody": sum(one.subscriber_id is None for one in done),
        "phone_shared": sum(one.phone_shared for one in done),
        "held": sum(one.held for one in done),
    }
    if as_json:
        emit({**counts, "problems": problems})
    else:
        say(f"Forgotten: {people(counts['forgotten'])}. No import will bring their addresses back.")
        if counts["nobody"]:
            note(f"{counts['nobody']:,} addresses were nobody's here; they are kept out all the same.")
        _note_what_stays(held=bool(counts["held"]), phone_shared=bool(counts["phone_shared"]))
    _tell(problems)


def _note_what_stays(*, held: bool, phone_shared: bool) -> None:
    if held:
        note("A legal hold is on: they get nothing any more, and are erased when it ends.")
    if phone_shared:
        note("The phone stays: somebody else has it too. To stop its texts: dispatch subscribers unsubscribe")


def _problem(number: int, error: "DispatchError") -> dict[str, Any]:
    return {"number": number, "code": error.code, "message": str(error)}


def _tell(problems: list[dict[str, Any]]) -> None:
    """Name each wrong line by its number, never by what stands in it; the command has failed with them."""
    for problem in problems:
        note(f"Address {problem['number']}: {problem['message']}")
    if problems:
        raise click.exceptions.Exit(1)
