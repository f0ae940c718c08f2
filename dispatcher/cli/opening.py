"""Open the house for one command: what a killed one left running is stopped, and it is closed at the end."""

from contextlib import suppress

import click

from dispatcher import house
from dispatcher.embedded import sweep_orphans
from dispatcher.house import House
from dispatcher.settings import Settings, load_settings


def open_house(settings: Settings | None = None) -> House:
    """As `dispatcher.house.open_house`. Every command that opens the house does it here."""
    settings = settings or load_settings()
    with suppress(OSError):  # a folder that we may not enter has nothing of ours in it
        sweep_orphans(settings)
    opened = house.open_house(settings)
    click.get_current_context().call_on_close(opened.db.close)
    return opened
