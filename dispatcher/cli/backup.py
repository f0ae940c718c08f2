"""`dispatch backup`: a consistent copy of the database in one file."""

from pathlib import Path

import click

from dispatcher.cli.out import confirm, emit, json_option, note, say


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Replace a file of that name without asking.")
@json_option
def command(file: Path, yes: bool, as_json: bool) -> None:
    """Copy the database into FILE, for you alone, while everybody goes on working.

    The data key isn't in it: keep that elsewhere. `dispatch restore FILE` puts it back.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.backup import back_up

    house = open_house()
    replace = file.exists()
    if replace:
        confirm(f"{file} is there already. Replace it?", yes=yes)
    made = back_up(house, file, replace=replace)
    if as_json:
        emit({"file": str(file), "bytes": made.size, "rows": made.counts, "database": house.db.shown})
    else:
        rows = ", ".join(f"{table} {number:,}" for table, number in made.counts.items())
        say(f"{file}: {house.db.shown} as it is now ({made.size / 1e6:,.1f} MB): {rows}.")
    where = house.keys.hint
    note(f"The data key ({where}) is not in it. Keep a copy of the key too, on another machine than this.")
    for place in made.journals_ahead:
        note(f"WARNING: this database is older than its journal in {place}. See `dispatch restore --help`.")
