"""`dispatch check`: look a campaign over before it is sent."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import emit, json_option, note, say

if TYPE_CHECKING:
    from dispatcher.house import House
    from dispatcher.settings import Settings


@click.command()
@click.argument("slug")
@click.option("--online", is_flag=True, help="Ask for each linked page too: is it there?")
@json_option
def command(slug: str, online: bool, as_json: bool) -> None:
    """Errors keep a campaign from being sent, warnings don't; each with file, line and what to do.

    With a database it looks at the audience too; with SpamAssassin on this machine, at the spam score.
    """
    from dispatcher.cli.check_words import check_json, check_lines
    from dispatcher.settings import load_settings
    from dispatcher.usecases.preflight import preflight

    settings = load_settings()
    house = _house_if_any(settings)
    now = house.db.now() if house else datetime.now(UTC)
    looked = preflight(settings, house, slug, now=now, online=online)
    if as_json:
        emit(check_json(looked))
    else:
        for line in check_lines(looked):
            say(line)
    if looked.errors:
        raise click.exceptions.Exit(1)


def _house_if_any(settings: "Settings") -> "House | None":
    """Files can be looked over without a database; only who would get it isn't known then."""
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import DispatchError

    try:
        return open_house(settings)
    except DispatchError as error:
        note(f"The audience wasn't looked at: {error}")
        return None
