"""`dispatch lists ls|add|show`."""

from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.out import emit, json_option, note, say, table

if TYPE_CHECKING:
    from dispatcher.usecases.lists import ListView


@click.group()
def command() -> None:
    """The lists that people join."""


@command.command("ls")
@json_option
def list_all(as_json: bool) -> None:
    """Every list, with how many people agreed to it by each channel and how many can be reached."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import view_lists

    with open_house().db.reading() as session:
        lists = view_lists(session)
    if as_json:
        emit({"lists": [_facts(one) for one in lists]})
        return
    rows = [
        (one.slug, one.public_name, "sensitive" if one.sensitive else "", *one.reachable.values())
        for one in lists
    ]
    table(("list", "public name", "", "by email", "by sms"), rows)
    if not lists:
        note('There is none yet. Add one with `dispatch lists add daca --name "ICIRR alerts"`.')


@command.command()
@click.argument("slug")
@click.option("--name", required=True, help="Its public name: the only one that people ever see.")
@click.option(
    "--sensitive", is_flag=True, help="Being on it could harm somebody: its campaigns track nobody."
)
@json_option
def add(slug: str, name: str, sensitive: bool, as_json: bool) -> None:
    """Add a list, such as daca."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import add_list, view_list

    house = open_house()
    with house.db.transaction() as session:
        add_list(session, slug, name, sensitive=sensitive)
    with house.db.reading() as session:
        added = view_list(session, slug)
    if as_json:
        emit(_facts(added))
        return
    say(f"Added {slug}, known to people as {added.public_name!r}.")
    note(f"Next: dispatch subscribers import people.csv --list {slug} --consent-source TEXT --dry-run")


@command.command()
@click.argument("slug")
@json_option
def show(slug: str, as_json: bool) -> None:
    """One list and its numbers."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import view_list

    with open_house().db.reading() as session:
        one = view_list(session, slug)
    if as_json:
        emit(_facts(one))
        return
    say(f"list         {one.slug}{' (sensitive)' if one.sensitive else ''}")
    say(f"public name  {one.public_name}")
    for channel, people in one.people.items():
        say(f"{channel:<11}  {people:,} agreed, {one.reachable[channel]:,} can be reached")


def _facts(one: "ListView") -> dict[str, Any]:
    return {
        "slug": one.slug,
        "public_name": one.public_name,
        "sensitive": one.sensitive,
        "created_at": one.created_at.isoformat(),
        "people": {str(channel): number for channel, number in one.people.items()},
        "reachable": {str(channel): number for channel, number in one.reachable.items()},
    }
