"""`dispatch lists ls|add|show|open|close`."""

from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group

if TYPE_CHECKING:
    from dispatcher.house import House
    from dispatcher.usecases.lists import ListView


@click.group(cls=Group)
def command() -> None:
    """The lists that people join."""


@command.command("ls")
@json_option
def list_all(as_json: bool) -> None:
    """Every list, with how many people agreed to it by each channel and how many can be reached."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import view_lists

    house = open_house()
    with house.db.reading() as session:
        lists = view_lists(session)
    if as_json:
        emit({"lists": [_facts(house, one) for one in lists]})
        return
    rows = [(one.slug, one.public_name, _marks(one), *one.reachable.values()) for one in lists]
    table(("list", "public name", "", "by email", "by sms"), rows)
    if not lists:
        note('There is none yet. Add one with `dispatch lists add daca --name "ICIRR alerts"`.')


@command.command()
@click.argument("slug")
@click.option("--name", required=True, help="Its public name: the only one that people ever see.")
@click.option(
    "--sensitive", is_flag=True, help="Being on it could harm somebody: its campaigns track nobody."
)
@click.option("--open", "is_open", is_flag=True, help="People may join it by themselves, on our own page.")
@json_option
def add(slug: str, name: str, sensitive: bool, is_open: bool, as_json: bool) -> None:
    """Add a list, such as daca."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import add_list, view_list

    house = open_house()
    with house.db.transaction() as session:
        add_list(session, slug, name, sensitive=sensitive, is_open=is_open)
    with house.db.reading() as session:
        added = view_list(session, slug)
    if as_json:
        emit(_facts(house, added))
        return
    say(f"Added {slug}, known to people as {added.public_name!r}.")
    if is_open:
        say(f"People join it at {_sign_up(house, added)}")
    note(f"Next: dispatch subscribers import people.csv --list {slug} --consent-source TEXT --dry-run")


@command.command("open")
@click.argument("slug")
def open_one(slug: str) -> None:
    """Let people join a list by themselves, and say on which page."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import open_list, view_list

    house = open_house()
    with house.db.transaction() as session:
        open_list(session, slug, is_open=True)
        one = view_list(session, slug)
    say(f"People join {slug} at {_sign_up(house, one)}")
    if one.sensitive:
        note("It is sensitive: the page for everybody doesn't name it. Give this link to whom it is for.")


@command.command()
@click.argument("slug")
def close(slug: str) -> None:
    """Let nobody join a list by themselves any more. Who is on it stays on it."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import open_list

    with open_house().db.transaction() as session:
        open_list(session, slug, is_open=False)
    say(f"Nobody joins {slug} by themselves any more. Who is on it stays on it.")


@command.command()
@click.argument("slug")
@json_option
def show(slug: str, as_json: bool) -> None:
    """One list and its numbers."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.lists import view_list

    house = open_house()
    with house.db.reading() as session:
        one = view_list(session, slug)
    if as_json:
        emit(_facts(house, one))
        return
    say(f"list         {one.slug}{' (sensitive)' if one.sensitive else ''}")
    say(f"public name  {one.public_name}")
    say(f"sign-up      {_sign_up(house, one) or f'closed; open it with `dispatch lists open {one.slug}`'}")
    for channel, people in one.people.items():
        say(f"{channel:<11}  {people:,} agreed, {one.reachable[channel]:,} can be reached")


def _marks(one: "ListView") -> str:
    return ", ".join(word for word, so in (("sensitive", one.sensitive), ("open", one.open)) if so)


def _sign_up(house: "House", one: "ListView") -> str | None:
    from dispatcher.usecases.joining.open_lists import sign_up_url

    return sign_up_url(house.settings.public_url, one.number) if one.open else None


def _facts(house: "House", one: "ListView") -> dict[str, Any]:
    return {
        "slug": one.slug,
        "public_name": one.public_name,
        "sensitive": one.sensitive,
        "sign_up": _sign_up(house, one),
        "created_at": one.created_at.isoformat(),
        "people": {str(channel): number for channel, number in one.people.items()},
        "reachable": {str(channel): number for channel, number in one.reachable.items()},
    }
