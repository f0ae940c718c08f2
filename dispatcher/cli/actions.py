"""`dispatch actions add`."""

from datetime import UTC, datetime

import click

from dispatcher.cli.counting import people
from dispatcher.cli.given_addresses import numbered_addresses
from dispatcher.cli.out import emit, json_option, note, say
from dispatcher.rules.actions import ActionHow


@click.group()
def command() -> None:
    """Who did what a campaign asked for: segments ask it, as in not acted(daca)."""


@command.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS... | -")
@click.option("--campaign", "slug", required=True, metavar="SLUG")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day. Default: today.")
@json_option
def add(addresses: tuple[str, ...], slug: str, day: datetime | None, as_json: bool) -> None:
    """Write down that people acted: they called, came, or signed on paper.

    `-` reads addresses from standard input, one a line, so that none enters the shell's history. Said twice
    of the same day it counts once.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import InvalidAddress, UnknownSubscriber
    from dispatcher.usecases.record_action import campaign_to_act_on, record_action

    house = open_house()
    at = (day or house.db.now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    new, problems = 0, []
    with house.db.transaction() as session:
        campaign_id = campaign_to_act_on(session, slug)
        for number, who in numbered_addresses(addresses):
            try:
                new += record_action(session, house.keys, campaign_id, who, at=at, how=ActionHow.TOLD).new
            except (InvalidAddress, UnknownSubscriber) as error:
                problems.append({"number": number, "code": error.code, "message": str(error)})
    if as_json:
        emit({"campaign": slug, "recorded": new, "problems": problems})
    else:
        say(f"{people(new)} acted on {slug}, newly written down.")
    for problem in problems:
        note(f"Address {problem['number']}: {problem['message']}")
    if problems:
        raise click.exceptions.Exit(1)
