"""`dispatch db upgrade` and `check`: the only command beside `demo` that creates a database."""

import click

from dispatcher.cli.out import emit, json_option, note, say
from dispatcher.cli.whole_help import Group


@click.group(cls=Group)
def command() -> None:
    """Create the database, or bring it up to date."""


@command.command()
@json_option
def upgrade(as_json: bool) -> None:
    """Create the database where it is missing, and run the migrations that this release has."""
    from dispatcher.db import SCHEMA_VERSION
    from dispatcher.keyring import key_file, load_keyring
    from dispatcher.settings import load_settings
    from dispatcher.usecases.migrate import upgrade as run

    settings = load_settings()
    made_before = key_file("data").exists()
    keys = load_keyring(settings, create=True)
    database = run(settings, keys)
    database.close()
    if as_json:
        emit({"database": database.shown, "version": SCHEMA_VERSION})
    else:
        say(f"{database.shown} is at version {SCHEMA_VERSION}.")
    if settings.data_key is None and not made_before:
        note(
            f"A data key was made: {key_file('data')}. Keep a copy of it on another machine: "
            "without it nobody's address can be read."
        )


@command.command()
@json_option
def check(as_json: bool) -> None:
    """Say whether the database is there, ours and up to date."""
    from dispatcher.cli.opening import open_house
    from dispatcher.db import SCHEMA_VERSION

    house = open_house()
    if as_json:
        emit({"database": house.db.shown, "version": SCHEMA_VERSION, "ok": True})
    else:
        say(f"{house.db.shown} is at version {SCHEMA_VERSION}, and its key is ours.")
