"""One process's open house: settings, keys and database together.

The edges make it, use cases take what they need.
"""

from dataclasses import dataclass
from typing import Any

from dispatcher.db import Database, database_url, open_database, refuse_missing_file
from dispatcher.keyring import Keyring, load_keyring
from dispatcher.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class House:
    """What nearly every command needs."""

    settings: Settings
    keys: Keyring
    db: Database


def open_house(settings: Settings | None = None, **given: Any) -> House:
    """Load the settings, find the keys and open the database, or say what to do when one isn't right."""
    settings = settings or load_settings(**given)
    refuse_missing_file(database_url(settings))  # better news than the missing key of a missing database
    keys = load_keyring(settings)
    return House(settings, keys, open_database(settings, keys))
