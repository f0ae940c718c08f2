"""`dispatch actions add|import|ls|address`. What import does is in action_files.py, loaded when used."""

from datetime import UTC, datetime
from pathlib import Path

import click

from dispatcher.cli.counting import people
from dispatcher.cli.given_addresses import numbered_addresses
from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path, dir_okay=False)
_campaign = click.option("--campaign", "slug", required=True, metavar="SLUG")


@click.group(cls=Group)
def command() -> None:
    """Who did what a campaign asked for: left out of its next alert, and thanked."""


@command.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS... | -")
@_campaign
@click.option("--on", "day", type=_DAY, help="The day. Default: today.")
@click.option("--thank", is_flag=True, help="Thank them, if it was in the last seven days.")
@json_option
def add(addresses: tuple[str, ...], slug: str, day: datetime | None, thank: bool, as_json: bool) -> None:
    """Write down that people acted: they called, came, or signed on paper.

    `-` reads addresses from standard input, one a line, so that none enters the shell's history. Said twice
    of the same day it counts once.
    """
    from zoneinfo import ZoneInfo

    from dispatcher.cli.opening import open_house
    from dispatcher.errors import InvalidAddress, UnknownSubscriber
    from dispatcher.rules.actions import ActionHow, Became
    from dispatcher.usecases.acting.campaigns import campaign_to_act_on
    from dispatcher.usecases.acting.reporting import report_action

    house = open_house()
    noon = day and day.replace(hour=12, tzinfo=ZoneInfo(house.settings.org_zone)).astimezone(UTC)
    new, problems = 0, []
    with house.db.transaction() as session:
        campaign_id = campaign_to_act_on(session, slug)
        at = noon or house.db.now()
        for number, who in numbered_addresses(addresses):
            try:
                became = report_action(
                    session, house, campaign_id, who, at=at, how=ActionHow.TOLD, thanks=thank
                )
            except InvalidAddress as error:
                problems.append({"number": number, "code": error.code, "message": str(error)})
                continue
            if became is Became.UNKNOWN:
                nobody = UnknownSubscriber()
                problems.append({"number": number, "code": nobody.code, "message": str(nobody)})
            new += became is Became.RECORDED
    if as_json:
        emit({"campaign": slug, "recorded": new, "problems": problems})
    else:
        say(f"{people(new)} acted on {slug}, newly written down.")
    for problem in problems:
        note(f"Address {problem['number']}: {problem['message']}")
    if problems:
        raise click.exceptions.Exit(1)


@command.command("import")
@click.argument("file", required=False, type=_FILE)
@click.option("--campaign", "slug", metavar="SLUG", help="Whose acts they are, where it is about one alone.")
@click.option(
    "--map", "mapped", multiple=True, metavar='"THEIR NAME=SLUG"', help="Which of theirs is which of ours."
)
@click.option(
    "--from",
    "service",
    type=click.Choice(["phone2action", "quorum", "auto"]),
    default="auto",
    help="Whose names the columns have. Default: whichever fit.",
)
@click.option("--on", "day", type=_DAY, help="The day of acts that have none.")
@click.option(
    "--time-zone",
    "zone",
    default="",
    metavar="ZONE",
    help="Of times that name none. Default: DISPATCH_ORG_ZONE.",
)
@click.option("--no-thanks", is_flag=True, help="Thank nobody.")
@click.option("--rejects", type=_FILE, metavar="FILE", help="Where rejected rows go. Default: beside it.")
@click.option(
    "--dry-run", is_flag=True, help="Count what would happen; write no more than the rejected rows."
)
@click.option("--undo", "undo_batch", type=int, metavar="BATCH", help="Take an import back instead.")
@json_option
def import_file(
    file: Path | None,
    slug: str | None,
    mapped: tuple[str, ...],
    service: str,
    day: datetime | None,
    zone: str,
    no_thanks: bool,
    rejects: Path | None,
    dry_run: bool,
    undo_batch: int | None,
    as_json: bool,
) -> None:
    """Import who has acted from a CSV or XLSX file that the site where people act has exported.

    Columns are guessed from their names, and shown. Only who, for which campaign and when is kept, and
    nothing of people who aren't here. Importing a file again is harmless.
    """
    from dispatcher.cli.action_files import import_acts_of, undo

    if undo_batch is not None:
        undo(undo_batch, as_json=as_json)
        return
    if file is None or not (slug or mapped):
        raise click.UsageError('Say what to import: FILE --campaign SLUG, or --map "THEIR NAME=SLUG".')
    import_acts_of(
        file,
        slug,
        mapped,
        service=None if service == "auto" else service,
        day=day.date() if day else None,
        zone=zone,
        thanks=not no_thanks,
        rejects=rejects,
        dry_run=dry_run,
        as_json=as_json,
    )


@command.command("ls")
@_campaign
@json_option
def list_counts(slug: str, as_json: bool) -> None:
    """How many acted, by day and by how we know, and which files that came from. No names."""
    from zoneinfo import ZoneInfo

    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.acting.campaigns import campaign_to_act_on
    from dispatcher.usecases.acting.tally import tally_acts

    house = open_house()
    with house.db.transaction() as session:
        campaign_id = campaign_to_act_on(session, slug)
        tally = tally_acts(session, campaign_id, ZoneInfo(house.settings.org_zone))
    days = [{"day": day, "how": how, "acts": number} for (day, how), number in tally.days.items()]
    if as_json:
        imports = [
            {"batch": one.id, "file": one.file_name, "at": one.created_at.isoformat(), **one.counts}
            for one in tally.batches
        ]
        unplaced = {str(why): number for why, number in tally.unplaced.items()}
        emit(
            {"campaign": slug, "people": tally.people, "days": days, "unplaced": unplaced, "imports": imports}
        )
        return
    say(f"{people(tally.people)} acted on {slug}.")
    table(("day", "how", "acts"), [(one["day"], one["how"], f"{one['acts']:,}") for one in days])
    for why, number in tally.unplaced.items():
        say(f"Reported and not kept, {why}: {number:,}")
    for one in tally.batches:
        say(f"Import {one.id}, {one.created_at.astimezone():%Y-%m-%d %H:%M}: {one.file_name}")


@command.command()
@_campaign
@json_option
def address(slug: str, as_json: bool) -> None:
    """Where the site on which people act is to post: a webhook's address, without the campaign's name."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.acting.campaigns import ACTIONS_PATH, campaign_to_act_on

    house = open_house()
    with house.db.transaction() as session:
        number = campaign_to_act_on(session, slug)
    url = f"{house.settings.public_url}{ACTIONS_PATH}/{number}"
    if as_json:
        emit({"campaign": slug, "number": number, "url": url, "signed": bool(house.settings.actions_keys)})
        return
    say(url)
    note(
        "It must prove itself: by a key (`dispatch keys add NAME --scope actions:write`), as bearer token or"
    )
    note("password; where a site takes nothing but an address, with the key behind it, after a slash. Or it")
    note("signs as Standard Webhooks has it, with DISPATCH_ACTIONS_SECRET.")
