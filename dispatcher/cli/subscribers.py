"""`dispatch subscribers ls|show|add|import|imports|export|unsubscribe|forget`."""

from pathlib import Path

import click

from dispatcher.cli.channels import CHANNELS, EMAIL_ALONE
from dispatcher.cli.exports import export
from dispatcher.cli.given_addresses import numbered_addresses
from dispatcher.cli.imports import import_people, imports
from dispatcher.cli.leaving import forget, unsubscribe
from dispatcher.cli.out import emit, json_option, note, say
from dispatcher.cli.whole_help import Group
from dispatcher.rules.alert import Channel

_where = click.option("--where", metavar="EXPR", help="Only these, e.g. 'language = es', or a saved name.")
_reveal = click.option("--reveal", is_flag=True, help="Show whole addresses and names.")


@click.group(cls=Group)
def command() -> None:
    """The people on the lists. Addresses are shown in part unless --reveal is given."""


command.add_command(import_people)
command.add_command(export)
command.add_command(imports)
command.add_command(unsubscribe)
command.add_command(forget)


@command.command("ls")
@click.option("--list", "list_slug", metavar="LIST", help="Only who is on this list.")
@_where
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@_reveal
@json_option
def list_people(list_slug: str | None, where: str | None, limit: int, reveal: bool, as_json: bool) -> None:
    """People in the order in which they came."""
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.people_words import facts, people_table
    from dispatcher.usecases.lists import require_list
    from dispatcher.usecases.segments import wanted
    from dispatcher.usecases.view_subscribers import view_subscribers

    with open_house().db.reading() as session:
        list_id = require_list(session, list_slug).id if list_slug else None
        segment = wanted(session, where) if where is not None else None
        people = list(view_subscribers(session, list_id=list_id, limit=limit, segment=segment))
    if as_json:
        emit({"subscribers": [facts(one, reveal=reveal) for one in people]})
        return
    people_table(people, reveal=reveal)
    if len(people) == limit:
        note(f"The first {limit:,} are shown; --limit says how many.")


@command.command()
@click.argument("who", metavar="ID|ADDRESS | -")
@_reveal
@json_option
def show(who: str, reveal: bool, as_json: bool) -> None:
    """One person's whole story: lists, consents with the words that were shown, suppressions, messages with
    what became of them, and of each recent alert of their lists why they got it or didn't.

    Of a phone that a family shares, everybody's. `-` reads addresses from standard input, one a line, so that
    none enters the shell's history.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.story_words import tell_whole, whole_facts
    from dispatcher.errors import InvalidAddress, UnknownSubscriber
    from dispatcher.usecases.whole_story import whole_stories

    house = open_house()
    stories, unknown = [], []
    with house.db.reading() as session:
        for number, one in numbered_addresses((who,)):
            try:
                stories += whole_stories(session, house, one, reveal=reveal)
            except (InvalidAddress, UnknownSubscriber) as error:
                if who != "-":
                    raise
                unknown.append(f"Address {number}: {error}")
    for words in unknown:
        note(words)
    if as_json:
        emit({"subscribers": [whole_facts(story, reveal=reveal) for story in stories]})
        return
    for story in stories:
        tell_whole(story, reveal=reveal)


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
