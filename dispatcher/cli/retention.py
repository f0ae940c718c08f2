"""`dispatch retention`: what is kept for how long, what goes next, and doing it now."""

import click

from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.times import clock
from dispatcher.cli.whole_help import Group


@click.group(cls=Group, invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """What is kept for how long, how much of it is due to go, and when the next goes.

    Workers see to it once an hour; `run` does it now.
    """
    if ctx.invoked_subcommand is None:
        _show(as_json=as_json)


@command.command()
@click.option("--dry-run", is_flag=True, help="Say what would go; delete nothing.")
@json_option
def run(dry_run: bool, as_json: bool) -> None:
    """Delete what has been kept long enough."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.retention.run import overview
    from dispatcher.usecases.retention.run import run as see_to_it

    house = open_house()
    if dry_run:
        seen = overview(house)
        counts, held = {kind.name: kind.waiting for kind in seen.kinds if kind.waiting}, seen.hold is not None
    else:
        done = see_to_it(house)
        counts, held = done.counts, done.held
    if as_json:
        emit({"dry_run": dry_run, "counts": counts, "held": held})
        return
    for name, number in counts.items():
        say(f"{number:>10,}  {name}")
    if not counts:
        say("Nothing was deleted." if held else "Nothing is due.")
    if held:
        note("A legal hold is on: nothing is deleted. See `dispatch hold show`.")
    elif dry_run:
        note("This was a dry run: nothing was deleted.")


def _show(*, as_json: bool) -> None:
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.retention.run import overview

    seen = overview(open_house())
    if as_json:
        kinds = [
            {
                "what": kind.name,
                "kept": kind.kept,
                "due": kind.waiting,
                "next_at": kind.next_at.isoformat() if kind.next_at else None,
            }
            for kind in seen.kinds
        ]
        emit(
            {
                "kinds": kinds,
                "hold": seen.hold is not None,
                "never_over": list(seen.never_over),
                "rejected_rows": [str(path) for path in seen.rejected_rows],
            }
        )
        return
    rows = [
        (kind.name, kind.kept, f"{kind.waiting:,}", clock(kind.next_at) if kind.next_at else "-")
        for kind in seen.kinds
    ]
    table(("what", "kept", "due now", "the next"), rows)
    note("An alert's messages are kept for so long after its last event; then their counts stay.")
    if seen.hold is not None:
        note(f"A legal hold is on since {clock(seen.hold.since)}: nothing is deleted.")
    for path in seen.rejected_rows:
        note(f"{path.name} has an import's rejected rows, addresses in the clear: delete it once mended.")
    if seen.never_over:
        which = ", ".join(map(str, seen.never_over))
        note(f"Alerts {which} could still send something, so they keep everything: see `dispatch status`.")
