"""Import a file of acts, show what it was taken for and what became of it, or take it back."""

import shlex
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from dispatcher.cli.opening import open_house
from dispatcher.cli.out import emit, note, say
from dispatcher.rules.actions import Became
from dispatcher.usecases.acting.files import ActsFile, ActsOrder, open_acts
from dispatcher.usecases.acting.importing import OTHER, REJECTED, UNCONFIRMED, ActsReport, import_acts
from dispatcher.usecases.acting.undoing import undo_acts
from dispatcher.usecases.importing.spellings import plain

_MEANING = {
    Became.RECORDED: "acted, newly written down",
    Became.KNOWN: "were written down before",
    Became.UNKNOWN: "are nobody's here: not kept",
    Became.CONFLICT: "have one person's email and another's number",
    REJECTED: "can't be read",
    UNCONFIRMED: "say themselves that it isn't confirmed",
    OTHER: "are about another campaign",
}


def import_acts_of(
    file: Path,
    slug: str | None,
    mapped: tuple[str, ...],
    *,
    service: str | None,
    day: date | None,
    zone: str,
    thanks: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Look the file over, say what its columns are, and import it."""
    house = open_house()
    order = ActsOrder(file, slug, _mapping(mapped), service, _zone(zone), day, thanks, rejects)
    acts = open_acts(order)
    note("Columns: " + ", ".join(f"{field} = {heading!r}" for field, heading in acts.shown.items()))
    if acts.dropped:
        note("Not read, and not kept: " + ", ".join(acts.dropped))
    report = import_acts(house, acts, dry_run=dry_run)
    again = _typed_again(order, report.rejects_file)
    if as_json:
        emit(_facts(acts, report))
    else:
        _tell(report, again)


def undo(batch: int, *, as_json: bool) -> None:
    """Take an import back, and say how many acts that were."""
    undone = undo_acts(open_house(), batch)
    if as_json:
        emit({"batch": batch, "undone": undone})
        return
    say(f"Import {batch} is taken back: {'1 act' if undone == 1 else f'{undone:,} acts'}.")
    say("Who was thanked was thanked, and messages that were withdrawn stay withdrawn.")


def _mapping(mapped: tuple[str, ...]) -> dict[str, str]:
    """`Their name=slug` as a table, by their names as spellings are compared."""
    found = {}
    for pair in mapped:
        name, _, slug = pair.rpartition("=")
        if not (plain(name) and slug.strip()):
            raise click.UsageError(f'--map takes "THEIR NAME=SLUG", not {pair!r}.')
        found[plain(name)] = slug.strip()
    return found


def _zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError):
            raise click.UsageError("--time-zone takes an IANA name, such as America/Chicago.") from None
    return name


def _facts(acts: ActsFile, report: ActsReport) -> dict[str, Any]:
    return {
        "batch": report.batch_id,
        "dry_run": report.dry_run,
        "columns": acts.shown,
        "dropped": acts.dropped,
        **report.counts,
        "problems": dict(report.problems),
        "rejects_file": str(report.rejects_file) if report.rejects_file else None,
    }


def _typed_again(order: ActsOrder, rejects: Path | None) -> str:
    """The command that imports the mended rows as this import was asked to."""
    words = ["dispatch", "actions", "import", str(rejects)]
    words += ["--campaign", order.campaign] if order.campaign else []
    for name, slug in order.mapped.items():
        words += ["--map", f"{name}={slug}"]
    words += ["--from", order.service] if order.service else []
    words += ["--on", f"{order.day:%Y-%m-%d}"] if order.day else []
    words += ["--time-zone", order.zone] if order.zone else []
    words += [] if order.thanks else ["--no-thanks"]
    return shlex.join(words)


def _tell(report: ActsReport, again: str) -> None:
    for name, number in report.counts.items():
        if number:
            say(f"{name.replace('_', ' '):<15}{number:>10,}  {_MEANING[name]}")
    if not any(report.counts.values()):
        say("There is nothing in the file.")
    if report.rejects_file:
        say(f"{report.rejects_file} has the rows that can't be used, addresses in the clear. Mend it, then:")
        say(f"  {again}")
        say("and delete it.")
    if report.dry_run:
        but = " but that file" if report.rejects_file else ""
        say(f"This was a dry run: nothing was written down{but}.")
    elif report.counts[Became.RECORDED]:
        note(f"To take it back: dispatch actions import --undo {report.batch_id}")
