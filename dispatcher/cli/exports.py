"""`dispatch subscribers export`: people as CSV, or all that is held of one person, for them."""

import sys
from pathlib import Path

import click

from dispatcher.cli.out import note
from dispatcher.cli.output_file import opened


@click.command("export")
@click.argument("who", required=False, metavar="[ID|ADDRESS]")
@click.option("--list", "list_slug", metavar="LIST", help="Only who is on this list.")
@click.option("--where", metavar="EXPR", help="Only these, e.g. 'language = es', or a saved segment's name.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file, for you alone.")
@click.option("--page", is_flag=True, help="Of one person: a page to read, in their language; else JSON.")
@click.option("--confirm-name", default="", metavar="LIST", help="Of a sensitive list: its name, once more.")
@click.option(
    "--reason", default="", metavar="TEXT", help="Of a sensitive list: why you need it. It is kept."
)
def export(
    who: str | None,
    list_slug: str | None,
    where: str | None,
    output: Path | None,
    page: bool,
    confirm_name: str,
    reason: str,
) -> None:
    """Write people as CSV, with their consent for each list and channel; to standard output, or a file.

    With an id or address: all that is held of that person, to be given to them.

    Who is on a sensitive list is exported only with its name typed and a reason, and everybody only with
    `everybody` typed, where there is such a list. On a terminal that needs --output: nothing of it is shown.
    """
    if who is not None and (list_slug is not None or where is not None):
        raise click.UsageError("Say either whose data you want, or --list and --where.")
    if who is None and page:
        raise click.UsageError("--page is for one person: say whose.")
    if who is not None:
        _export_one(who, output, reason, page=page)
    else:
        _export_many(list_slug, where, output, confirm_name, reason)


def _export_many(
    list_slug: str | None, where: str | None, output: Path | None, confirm_name: str, reason: str
) -> None:
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.export_subscribers import export_subscribers
    from dispatcher.usecases.guarded_export import Confirmation, name_to_type, note_export
    from dispatcher.usecases.lists import require_list
    from dispatcher.usecases.segments import wanted as meant

    house = open_house()
    with house.db.reading() as session:
        list_id = require_list(session, list_slug).id if list_slug else None
        segment = meant(session, where) if where is not None else None
        wanted = name_to_type(session, list_id)
    if wanted and output is None and sys.stdout.isatty():
        raise click.UsageError(
            "This would show who is on a sensitive list here: say where with --output FILE."
        )
    given = _asked(wanted, confirm_name, reason)
    with house.db.transaction() as session:
        note_export(session, list_id, Confirmation(*given))
    with house.db.reading() as session, opened(output) as file:
        rows = export_subscribers(session, file, list_id=list_id, segment=segment)
    note(f"{rows:,} people{f' written to {output}' if output else ''}.")


def _export_one(who: str, output: Path | None, reason: str, *, page: bool) -> None:
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.audit import note_act
    from dispatcher.usecases.export_page import as_page
    from dispatcher.usecases.export_person import as_json, export_person

    house = open_house()
    with house.db.transaction() as session:
        record = export_person(session, house.keys, who)
        note_act(session, "export", f"subscriber {record.subscriber_id}", reason)
    with opened(output) as file:
        file.write(as_page(record) if page else as_json(record))
    if output:
        note(f"Written to {output}.")


def _asked(wanted: str | None, name: str, reason: str) -> tuple[str, str]:
    """What is to be typed; asked for where somebody can answer."""
    if wanted is not None and sys.stdin.isatty():
        if not name:
            name = click.prompt(f"It tells who is on a sensitive list. Type {wanted} to go on", err=True)
        if not reason:
            reason = click.prompt("Why do you need it? This is kept", err=True)
    return name, reason
