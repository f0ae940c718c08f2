"""`dispatch report`: what came of an alert, as a table, for programs, or as a page to print."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from dispatcher.cli.out import emit, json_option, note

if TYPE_CHECKING:
    from dispatcher.usecases.report.report import Report


@click.command()
@click.argument("alert", metavar="ALERT|SLUG")
@click.option("--csv", "csv_to", metavar="FILE|-", help="One number a line, for a spreadsheet.")
@click.option("--html", "html_to", metavar="FILE|-", help="One page with charts, to read or to print.")
@click.option(
    "--name",
    "with_name",
    is_flag=True,
    help="In --json, --csv and --html of a sensitive campaign: its name too, not the alert's number alone.",
)
@json_option
def report(alert: str, csv_to: str | None, html_to: str | None, with_name: bool, as_json: bool) -> None:
    """What came of an alert: sent, delivered, clicked, acted, left; what went wrong, and what to do.

    Of several alerts of a campaign the newest. Counts only, never who; of a sensitive list's alert no small
    ones of languages and domains.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.report.as_data import as_json as in_json
    from dispatcher.usecases.report.as_data import write_csv
    from dispatcher.usecases.report.report import report as made_of
    from dispatcher.usecases.status import resolve_alert

    house = open_house()
    with house.db.reading() as session:
        found = made_of(session, house.settings.prices, resolve_alert(session, alert))
    named = with_name or not found.sensitive
    if csv_to is not None:
        _write(csv_to, lambda file: write_csv(found, file, named=named))
    if html_to is not None:
        _write(html_to, lambda file: file.write(_page(found, named=named)))
    if as_json:
        emit(in_json(found, named=named))
    elif csv_to is None and html_to is None:
        from dispatcher.cli.reports_words import tell

        tell(found)


def _page(found: "Report", *, named: bool) -> str:
    from dispatcher.usecases.report.page import as_page

    return as_page(found, named=named)


def _write(where: str, write: Callable[[IO[str]], object]) -> None:
    from dispatcher.cli.output_file import opened

    path = None if where == "-" else Path(where)
    with opened(path) as file:
        write(file)
    if path is not None:
        note(f"Written to {path}.")
