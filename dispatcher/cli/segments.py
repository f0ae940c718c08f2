"""`dispatch segments ls|check`."""

from typing import Any

import click

from dispatcher.cli.counting import people
from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group


@click.group(cls=Group)
def command() -> None:
    """People picked by what is known of them: language = es and not acted(daca)."""


@command.command("ls")
@json_option
def list_saved(as_json: bool) -> None:
    """The segments saved in segments.toml, with how many people each means now."""
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import WrongSegment
    from dispatcher.usecases.segments.counting import count_people
    from dispatcher.usecases.segments.saved import saved_segments

    saved = saved_segments()
    listed: list[dict[str, Any]] = []
    with open_house().db.reading() as session:
        for name, text in saved.items():
            try:
                found: dict[str, Any] = {"people": count_people(session, text).people}
            except WrongSegment as error:
                found = {"problem": str(error)}
            listed.append({"name": name, "segment": text, **found})
    if as_json:
        emit({"segments": listed})
        return
    rows = [(one["name"], f"{one['people']:,}" if "people" in one else "?", one["segment"]) for one in listed]
    table(("segment", "people", "who"), rows)
    for one in listed:
        if "problem" in one:
            note(f"{one['name']}: {one['problem']}")
    if not listed:
        note('There is none yet. Write segments.toml here: chicago-es = "language = es"')


@command.command()
@click.argument("expression", metavar="EXPR")
@json_option
def check(expression: str, as_json: bool) -> None:
    """Read an expression, or a saved segment's name, and count whom it means."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.segments import parse
    from dispatcher.usecases.segments.counting import count_people

    with open_house().db.reading() as session:
        segment, found = parse(expression), count_people(session, expression)
    if as_json:
        reachable = {str(channel): number for channel, number in found.reachable.items()}
        emit({"segment": segment.text, "people": found.people, "reachable": reachable})
        return
    say(segment.text)
    say(f"  {people(found.people)}")
    for channel, number in found.reachable.items():
        say(f"  {number:>9,}  can be reached by {channel}, on one list or another")
