"""`dispatch subscribers ls|show|add|import|imports|export|unsubscribe|forget`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from dispatcher.cli.channels import CHANNELS, EMAIL_ALONE
from dispatcher.cli.imports import import_people, imports
from dispatcher.cli.out import confirm, emit, json_option, note, say
from dispatcher.rules.alert import Channel

_reveal = click.option("--reveal", is_flag=True, help="Show whole addresses and names.")


@click.group()
def command() -> None:
    """The people on the lists. Addresses are shown in part unless --reveal is given."""


command.add_command(import_people)
command.add_command(imports)


@command.command("ls")
@click.option("--list", "list_slug", metavar="LIST", help="Only who is on this list.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@_reveal
@json_option
def list_people(list_slug: str | None, limit: int, reveal: bool, as_json: bool) -> None:
    """People in the order in which they came."""
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.people_words import facts, people_table
    from dispatcher.usecases.lists import require_list
    from dispatcher.usecases.view_subscribers import view_subscribers

    with open_house().db.reading() as session:
        list_id = require_list(session, list_slug).id if list_slug else None
        people = list(view_subscribers(session, list_id=list_id, limit=limit))
    if as_json:
        emit({"subscribers": [facts(one, reveal=reveal) for one in people]})
        return
    people_table(people, reveal=reveal)
    if len(people) == limit:
        note(f"The first {limit:,} are shown; --limit says how many.")


@command.command()
@click.argument("who", metavar="ID|ADDRESS")
@_reveal
@json_option
def show(who: str, reveal: bool, as_json: bool) -> None:
    """One person's whole story: lists, consents with the words that were shown, suppressions, messages.

    Of a phone that a family shares, everybody's.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.people_words import story_facts, tell
    from dispatcher.usecases.view_subscribers import tell_stories

    house = open_house()
    with house.db.reading() as session:
        stories = tell_stories(session, house.keys, who)
    if as_json:
        emit({"subscribers": [story_facts(story, reveal=reveal) for story in stories]})
        return
    for story in stories:
        tell(story, reveal=reveal)


@command.command()
@click.option("--email", default="", metavar="ADDRESS")
@click.option("--phone", default="", metavar="NUMBER")
@click.option("--first-name", default="")
@click.option("--last-name", default="")
@click.option("--language", default="", help="A code such as es, or a name.")
@click.option("--time-zone", default="", help="Such as America/Chicago.")
@click.option("--postal-code", default="")
@click.option("--list", "list_slug", required=True, metavar="LIST")
@click.option("--consent-source", required=True, metavar="TEXT", help="Where the person agreed.")
@click.option("--channels", type=CHANNELS, default=EMAIL_ALONE, metavar="email,sms")
@click.option("--disclosure", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--came-back", is_flag=True, help="The person had left, and asked to be on the list again.")
@json_option
def add(
    list_slug: str,
    consent_source: str,
    channels: frozenset[Channel],
    disclosure: Path | None,
    came_back: bool,
    as_json: bool,
    **cells: str,
) -> None:
    """Add one person to a list, or update who is here. Texts need --disclosure: the words they were shown."""
    if Channel.SMS in channels and disclosure is None:
        raise click.UsageError("Texts need --disclosure FILE: the words that the person was shown.")
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.add_subscriber import add_subscriber
    from dispatcher.usecases.consent import Evidence, disclosure_id
    from dispatcher.usecases.importing.files import read_words
    from dispatcher.usecases.lists import require_list

    house = open_house()
    with house.db.transaction() as session:
        words = disclosure_id(session, read_words(disclosure)) if disclosure else None
        evidence = Evidence(consent_source, words, own_act=came_back)
        list_id = require_list(session, list_slug).id
        added = add_subscriber(session, house.keys, cells, list_id, channels, evidence)
    if as_json:
        emit(
            {
                "subscriber": added.subscriber_id,
                "result": str(added.verdict),
                "joined": [str(channel) for channel in added.joined],
                "withheld": [str(channel) for channel in added.withheld],
            }
        )
        return
    say(f"Subscriber {added.subscriber_id or '-'}: {added.verdict.replace('_', ' ')}.")
    for channel in added.withheld:
        note(f"Not on {list_slug} by {channel}: that address has left, or is suppressed. See --came-back.")


@command.command()
@click.option("--list", "list_slug", metavar="LIST", help="Only who is on this list.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file, for you alone.")
def export(list_slug: str | None, output: Path | None) -> None:
    """Write people as CSV, with their consent for each list and channel; to standard output, or a file."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.export_subscribers import export_subscribers
    from dispatcher.usecases.lists import require_list

    with open_house().db.reading() as session:
        list_id = require_list(session, list_slug).id if list_slug else None
        if output is None:
            sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]  # CSV has line ends of its own
            rows = export_subscribers(session, sys.stdout, list_id=list_id)
        else:
            descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.fchmod(descriptor, 0o600)
            with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor
                rows = export_subscribers(session, file, list_id=list_id)
    note(f"{rows:,} people{f' written to {output}' if output else ''}.")


@command.command()
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
    done = 0
    with house.db.transaction() as session:
        list_id = require_list(session, list_slug).id if list_slug else None
        for number, address in enumerate(_addresses(addresses), 1):
            try:
                take(session, house.keys, address, source, list_id=list_id)
                done += 1
            except InvalidAddress as error:
                problems.append({"number": number, "code": error.code, "message": str(error)})
    if as_json:
        emit({"unsubscribed": done, "problems": problems})
    else:
        say(f"{done:,} addresses are off {list_slug or 'every list, for good'}.")
    for problem in problems:
        note(f"Address {problem['number']}: {problem['message']}")
    if problems:
        raise click.exceptions.Exit(1)


@command.command()
@click.argument("who", metavar="ID|ADDRESS")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def forget(who: str, yes: bool, as_json: bool) -> None:
    """Forget a person for good: only keyed hashes are left, so that no import brings them back."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.forget import forget as forget_person

    house = open_house()
    confirm("Forget this person? It can't be undone.", yes=yes)
    with house.db.transaction() as session:
        forgotten = forget_person(session, house.keys, who)
    if as_json:
        emit({"forgotten": forgotten.subscriber_id, "phone_shared": forgotten.phone_shared})
        return
    known = (
        f"Subscriber {forgotten.subscriber_id} is forgotten."
        if forgotten.subscriber_id
        else "Nobody here had it."
    )
    say(f"{known} No import will bring the address back.")
    if forgotten.phone_shared:
        note("The phone stays: somebody else has it too. To stop its texts: dispatch subscribers unsubscribe")


def _addresses(given: tuple[str, ...]) -> Iterator[str]:
    for address in given:
        if address == "-":
            yield from (line.strip() for line in sys.stdin if line.strip())
        else:
            yield address
