"""`dispatch hold on|off|show`: a legal hold, while which nothing is deleted."""

from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import confirm, emit, json_option, note, say
from dispatcher.cli.times import clock
from dispatcher.cli.whole_help import Group

if TYPE_CHECKING:
    from dispatcher.usecases.hold import HoldView


@click.group(cls=Group)
def command() -> None:
    """Somebody may ask for what is here (a court, a lawyer): keep all of it until they say otherwise."""


@command.command()
@click.option("--reason", required=True, metavar="TEXT", help="Who asked for it, and why. It is kept.")
@json_option
def on(reason: str, as_json: bool) -> None:
    """From now on nothing is deleted: no messages, no sign-ups, nobody who asks to be forgotten.

    Who asks gets nothing any more all the same, and is erased when the hold ends.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.hold import begin_hold, view_hold

    with open_house().db.transaction() as session:
        begin_hold(session, reason)
        _show(view_hold(session), as_json=as_json)


@command.command()
@click.option("--reason", default="", metavar="TEXT", help="Who said that it may end.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def off(reason: str, yes: bool, as_json: bool) -> None:
    """Let deletion go on. Whoever was to be forgotten meanwhile is erased now."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.hold import end_hold, view_hold
    from dispatcher.usecases.retention.run import forget_held

    house = open_house()
    with house.db.reading() as session:
        hold = view_hold(session)
    if hold is not None:
        confirm(f"End the hold of {clock(hold.since)}? Then {hold.waiting:,} people are erased.", yes=yes)
    with house.db.transaction() as session:
        end_hold(session, reason)
    erased = forget_held(house)
    if as_json:
        emit({"hold": None, "forgotten": erased})
        return
    say("The hold is off: what is due to go goes, within the hour.")
    if erased:
        note(f"{erased:,} people who had asked to be forgotten are erased.")


@command.command()
@json_option
def show(as_json: bool) -> None:
    """Whether a hold is on, since when, and why."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.hold import view_hold

    with open_house().db.reading() as session:
        _show(view_hold(session), as_json=as_json)


def _show(hold: "HoldView | None", *, as_json: bool) -> None:
    if as_json:
        facts = hold and {"since": hold.since.isoformat(), "reason": hold.reason, "waiting": hold.waiting}
        emit({"hold": facts})
    elif hold is None:
        say("No hold: things go when their time has come. `dispatch retention` shows when.")
    else:
        say(f"A hold is on since {clock(hold.since)}: {hold.reason}")
        say(f"  {hold.waiting:,} people wait to be forgotten until it ends.")
