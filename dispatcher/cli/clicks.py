"""`dispatch clicks`: how often our links were opened, people told from machines."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.rules.visits import PICTURE

if TYPE_CHECKING:
    from dispatcher.usecases.clicks.tally import LinkTally

_NO_LINKS = (
    "This alert has no links of ours, so nothing was counted. They are made where DISPATCH_PUBLIC_URL is "
    "https: in texts but with DISPATCH_SHORT_LINKS=false, in emails but with count_clicks = false in "
    "campaign.toml."
)


@click.command()
@click.argument("alert", required=False, metavar="[ALERT|SLUG]")
@click.option("--our-page", is_flag=True, help="Of the Calls to Action page instead.")
@json_option
def command(alert: str | None, our_page: bool, as_json: bool) -> None:
    """How often each link of an alert was opened. Of sensitive lists only these numbers are kept, never who.

    Scanners of mailbox providers, previews of chat programs and browsers that fetch ahead are counted apart.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.clicks.tally import clicks_of, page_clicks
    from dispatcher.usecases.status import resolve_alert

    house = open_house()
    with house.db.reading() as session:
        if our_page:
            _show_page(page_clicks(session), as_json=as_json)
            return
        alert_id = resolve_alert(session, alert)
        found = clicks_of(session, alert_id)
    if as_json:
        emit({"alert": alert_id, "people": found.people, "links": [asdict(link) for link in found.links]})
    elif not found.links:
        note(_NO_LINKS)
    else:
        _show(found.links)
        known = f", {found.people:,} of them known." if found.people else "."
        say(f"Opened {found.by_people:,} times by people{known}")


def _show_page(links: "tuple[LinkTally, ...]", *, as_json: bool) -> None:
    if as_json:
        emit({"links": [asdict(link) for link in links]})
    elif links:
        _show(links)
    else:
        note("Nobody has followed a link of the Calls to Action page yet.")


def _show(links: "Iterable[LinkTally]") -> None:
    rows = [(link.language, link.by_people, link.by_machines, _leads(link)) for link in links]
    table(("language", "people", "machines", "link"), rows)


def _leads(link: "LinkTally") -> str:
    return "(the email was opened)" if link.place == PICTURE else f"{link.url} ({link.channel})"
