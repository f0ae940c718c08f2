"""`dispatch log`: every attempt and event of every message, without any address."""

import csv
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

import click

from dispatcher.cli.out import answer_in_json, json_line, json_option, note, plain, say

_Rows = Iterator[dict[str, Any]]
_NOTHING = (
    "Nothing has been tried yet (`dispatch status` shows what waits), or it was so long ago that the log is "
    "deleted (`dispatch retention`)."
)
_LINE = "{:<19}  {:>5}  {:>9}  {:>9}  {:<7}  {}"


@click.command()
@click.option("--alert", metavar="ALERT|SLUG", help="Only this alert's.")
@click.option("--subscriber", metavar="ID|ADDRESS", help="Only this person's.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "jsonl"]), default="table", show_default=True
)
@json_option
def command(alert: str | None, subscriber: str | None, form: str, as_json: bool) -> None:
    """Rows are in the order in which things happened; people are named by id, never by address.

    The table has this machine's time; csv, and jsonl (one JSON object a line, also by --json), have UTC.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.find_subscriber import find_subscriber
    from dispatcher.usecases.read_log import read_log
    from dispatcher.usecases.status import resolve_alert

    form = "jsonl" if as_json else form
    answer_in_json(form == "jsonl")
    house = open_house()
    with house.db.reading() as session:
        alert_id = resolve_alert(session, alert) if alert else None
        subscriber_id = find_subscriber(session, house.keys, subscriber).id if subscriber else None
        rows = read_log(session, alert_id=alert_id, subscriber_id=subscriber_id)
        first = next(rows, None)
        if first is None:
            note(_NOTHING)
        _WRITERS[form](rows if first is None else chain([first], rows))


def _jsonl(rows: _Rows) -> None:
    for row in rows:
        say(json_line(row))


def _csv(rows: _Rows) -> None:
    from dispatcher.rules.formulas import defused
    from dispatcher.usecases.read_log import FIELDS

    writer = csv.DictWriter(sys.stdout, [*FIELDS, "detail"], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {name: defused(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
        )


def _table(rows: _Rows) -> None:
    """On this machine's clock, as `status` is; the other formats have UTC."""
    say(_LINE.format("time", "alert", "message", "person", "channel", "status"))
    for row in rows:
        at = f"{datetime.fromisoformat(row['at']).astimezone():%Y-%m-%d %H:%M:%S}"
        who = "-" if row["subscriber"] is None else row["subscriber"]
        status = f"{row['status']}: {row['error']}" if row["error"] else row["status"]
        # What we answered to a reply is of no alert.
        alert, message = (row["alert"], row["message"]) if row["alert"] else ("-", "answer")
        say(_LINE.format(at, alert, message, who, row["channel"], plain(status)))


_WRITERS: dict[str, Callable[[_Rows], None]] = {"jsonl": _jsonl, "csv": _csv, "table": _table}
