"""`dispatch subscribers import`, and `imports` that lists what was imported."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.channels import CHANNELS, EMAIL_ALONE
from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.rules.alert import Channel

if TYPE_CHECKING:
    from dispatcher.usecases.importing.report import ImportReport, PreparedImport

_FILE = click.Path(path_type=Path, dir_okay=False)
_NEW_OBJECTS = 50_000  # between two collections: what a few thousand rows hold at once
_SWITCH_AFTER = 0.0005  # seconds


@click.command("import")
@click.argument("file", required=False, type=_FILE)
@click.option("--list", "list_slug", metavar="LIST", help="The list that these people agreed to.")
@click.option("--consent-source", metavar="TEXT", help='Where they agreed, such as "rally 12 May".')
@click.option(
    "--channels",
    type=CHANNELS,
    default=EMAIL_ALONE,
    metavar="email,sms",
    help="What they agreed to. Default: email. Texts need --disclosure, or a column that says yes.",
)
@click.option("--disclosure", type=_FILE, metavar="FILE", help="The words that they were shown, as text.")
@click.option("--consent-column", metavar="NAME", help="The column that says who agreed to texts.")
@click.option(
    "--keep", multiple=True, metavar="NAME", help="Keep this column as an attribute; may be repeated."
)
@click.option(
    "--rejects", type=_FILE, metavar="FILE", help="Where rejected rows go. Default: beside the file."
)
@click.option("--dry-run", is_flag=True, help="Count what would happen; change nothing.")
@click.option("--undo", "undo_batch", type=int, metavar="BATCH", help="Take an import back instead.")
@json_option
def import_people(
    file: Path | None,
    list_slug: str | None,
    consent_source: str | None,
    channels: frozenset[Channel],
    disclosure: Path | None,
    consent_column: str | None,
    keep: tuple[str, ...],
    rejects: Path | None,
    dry_run: bool,
    undo_batch: int | None,
    as_json: bool,
) -> None:
    """Import people from a CSV or XLSX file into a list. Importing a file again is harmless.

    Columns are guessed from their names in English or Spanish, and shown; a blank cell erases nothing, and
    who has left stays left.
    """
    if undo_batch is not None:
        _undo(undo_batch, as_json=as_json)
        return
    if file is None or list_slug is None or consent_source is None:
        raise click.UsageError(
            "Say what to import: FILE --list LIST --consent-source TEXT (or --undo BATCH)."
        )
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.import_subscribers import prepare, run
    from dispatcher.usecases.importing.files import read_words
    from dispatcher.usecases.importing.report import ImportOrder

    house = open_house()
    words = read_words(disclosure) if disclosure else None
    order = ImportOrder(file, list_slug, consent_source, channels, words, keep, consent_column, rejects)
    prepared = prepare(order)
    _show_columns(prepared)
    progress = _progress if sys.stderr.isatty() else None
    with _interpreter_at_bulk_work():
        report = run(house, prepared, dry_run=dry_run, progress=progress)
    if as_json:
        emit(_facts(prepared, report))
    else:
        _tell(prepared, report)


@click.command()
@json_option
def imports(as_json: bool) -> None:
    """Every import, newest first, with the number that --undo takes."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.importing.undoing import view_imports

    with open_house().db.reading() as session:
        found = view_imports(session)
    if as_json:
        listed = [
            {
                "batch": one.id,
                "file": one.file_name,
                "list": one.list_slug,
                "source": one.source,
                "at": one.created_at.isoformat(),
                "undone_at": one.undone_at.isoformat() if one.undone_at else None,
                **one.counts,
            }
            for one in found
        ]
        emit({"imports": listed})
        return
    rows = [
        (
            one.id,
            f"{one.created_at.astimezone():%Y-%m-%d %H:%M}",
            one.list_slug,
            one.file_name,
            one.source,
            ", ".join(f"{number:,} {name}" for name, number in one.counts.items() if number),
            "taken back" if one.undone_at else "",
        )
        for one in found
    ]
    table(("import", "when", "list", "file", "source", "rows", ""), rows)


def _undo(batch: int, *, as_json: bool) -> None:
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.hold import refuse_under_hold
    from dispatcher.usecases.importing.undoing import undo

    house = open_house()
    with house.db.reading() as session:
        refuse_under_hold(session)
    undone = undo(house, batch)
    if as_json:
        emit(
            {"batch": batch, "consents": undone.consents, "removed": undone.people, "staying": undone.staying}
        )
        return
    say(
        f"Import {batch} is taken back: {undone.people:,} people removed, {undone.consents:,} consents ended."
    )
    if undone.staying:
        say(f"{undone.staying:,} people whom it added stay: something else vouches for them.")
    say("What it changed about people who were here before (a name, a phone) stays changed.")


def _show_columns(prepared: "PreparedImport") -> None:
    columns = prepared.columns
    note("Columns: " + ", ".join(f"{field} = {heading!r}" for field, heading in columns.shown.items()))
    if columns.kept:
        note("Kept as attributes: " + ", ".join(columns.kept))
    if columns.dropped:
        note("Dropped: " + ", ".join(columns.dropped) + " (keep one with --keep NAME)")


@contextmanager
def _interpreter_at_bulk_work() -> Iterator[None]:
    """Two settings of the interpreter that take a fourth off an import's time.

    The collector would go through everything alive with every few hundred new objects: what is loaded by now
    stays anyway, and rows leave no cycles behind. And who waited for the database gets the interpreter back
    from the thread that reads ahead in half a millisecond, not in five.
    """
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *thresholds[1:])
    sys.setswitchinterval(_SWITCH_AFTER)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _progress(done: int, total: int | None) -> None:
    of_all = f" of {total:,}" if total is not None else ""
    click.echo(f"\r{done:,}{of_all} rows ", nl=done == total, err=True)


def _facts(prepared: "PreparedImport", report: "ImportReport") -> dict[str, Any]:
    tally = report.tally
    return {
        "batch": report.batch_id,
        "list": prepared.order.list_slug,
        "dry_run": report.dry_run,
        "columns": prepared.columns.shown,
        "kept": list(prepared.columns.kept),
        "dropped": list(prepared.columns.dropped),
        **tally.counts,
        "rejects_file": str(report.rejects_file) if report.rejects_file else None,
        "problems": dict(tally.problems),
        "joined": {str(channel): tally.joined[channel] for channel in Channel},
        "withheld": {str(channel): tally.withheld[channel] for channel in Channel},
        "seconds": round(report.seconds, 3),
    }


def _tell(prepared: "PreparedImport", report: "ImportReport") -> None:
    tally = report.tally
    for name, number in tally.counts.items():
        say(f"{name:<10}{number:>10,}")
    joined = ", ".join(f"{tally.joined[channel]:,} by {channel}" for channel in Channel)
    say(f"New on {prepared.order.list_slug}: {joined}.")
    if tally.withheld:
        withheld = ", ".join(f"{number:,} by {channel}" for channel, number in sorted(tally.withheld.items()))
        say(f"Not put on it, because they have left or are suppressed: {withheld}.")
    if report.rejects_file:
        problems = ", ".join(f"{code} {number:,}" for code, number in tally.problems.most_common())
        say(f"Rejected ({problems}): see {report.rejects_file}, mend it, and import it as it is.")
    if report.dry_run:
        say("This was a dry run: nothing was changed.")
    else:
        note(f"To take it back: dispatch subscribers import --undo {report.batch_id}")
