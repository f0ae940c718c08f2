"""`dispatch attributes ls|index`."""

import click

from dispatcher.cli.counting import people
from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group


@click.group(cls=Group)
def command() -> None:
    """What is kept of people beside addresses and names, for segments: see attributes.toml."""


@command.command("ls")
@json_option
def list_attributes(as_json: bool) -> None:
    """The attributes of attributes.toml, and of how many people segments know each."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.attributes.indexing import count_indexed
    from dispatcher.usecases.attributes.schema import load_schema

    schema = load_schema()
    with open_house().db.reading() as session:
        counts = count_indexed(session, schema)
    if as_json:
        listed = [
            {"name": one.name, "type": one.type, "label": one.label, "people": counts[one.name]}
            for one in schema.values()
        ]
        emit({"attributes": listed})
        return
    rows = [(one.name, one.type, one.label, f"{counts[one.name]:,}") for one in schema.values()]
    table(("attribute", "type", "label", "people"), rows)
    if not schema:
        note('There is none yet. Write attributes.toml here: [union_member] and below it type = "yes_no"')


@command.command()
@json_option
def index(as_json: bool) -> None:
    """Make segments know everybody's attributes anew: after attributes.toml has changed."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.attributes.indexing import index_everybody
    from dispatcher.usecases.attributes.schema import load_schema

    schema = load_schema()
    indexed = index_everybody(open_house(), schema)
    if as_json:
        emit({"people": indexed.people, "found": indexed.found, "unreadable": indexed.unreadable})
        return
    say(f"Looked at {people(indexed.people)}.")
    for name, number in indexed.found.items():
        say(f"  {number:>9,}  {name}")
        if unreadable := indexed.unreadable[name]:
            note(f"  {unreadable:,} values of {name} aren't of the type {schema[name].type}: left out.")
