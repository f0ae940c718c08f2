"""`dispatch send`: what can be typed. What it does is in sending.py, which is loaded when it is used."""

from datetime import datetime

import click

from dispatcher.cli.channels import only_channels
from dispatcher.cli.out import json_option
from dispatcher.cli.times import AT
from dispatcher.rules.alert import Channel


@click.command()
@click.option("--campaign", "slug", required=True, metavar="SLUG", help="The campaign, e.g. daca.")
@only_channels
@click.option("--list", "lists", multiple=True, metavar="LIST", help="Only this list; may be repeated.")
@click.option("--segment", metavar="EXPR", help="Only these, e.g. 'language = es', or a saved name.")
@click.option("--except", "exception", metavar="EXPR", help="But not these, e.g. 'acted(daca)'.")
@click.option("--include-acted", is_flag=True, help="Who has acted already gets it, too.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many people more.")
@click.option("--at", "starts_at", type=AT, metavar="TIME", help="Not now: e.g. 2026-12-01T09:00 or 09:00.")
@click.option("--again", metavar="NAME", help="Open the campaign's next alert, under this name.")
@click.option("--fallback", is_flag=True, help="Who reads another language gets the campaign's own.")
@click.option("--dry-run", is_flag=True, help="Only show who would get what.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--wait", is_flag=True, help="Stay until everything that may go has gone.")
@json_option
def command(
    slug: str,
    channels: tuple[str, ...],
    lists: tuple[str, ...],
    segment: str | None,
    exception: str | None,
    include_acted: bool,
    limit: int | None,
    starts_at: datetime | None,
    again: str | None,
    fallback: bool,
    dry_run: bool,
    yes: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Send a campaign's alert, or go on with the one that is running: nobody gets it twice."""
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.sending import send
    from dispatcher.usecases.send_campaign import Request

    chosen = tuple(Channel(channel) for channel in channels)
    request = Request(
        slug,
        chosen,
        lists,
        limit,
        starts_at,
        again,
        fallback,
        segment=segment,
        exception=exception,
        include_acted=include_acted,
    )
    send(open_house(), request, dry_run=dry_run, yes=yes, wait=wait, as_json=as_json)
