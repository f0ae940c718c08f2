"""Open houses for tests: on a copy of a migrated database, so that each test has one of its own at once."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from dispatcher.house import House, open_house
from dispatcher.keyring import load_keyring
from dispatcher.settings import Settings, load_settings
from dispatcher.usecases.migrate import upgrade

DATA_KEY = "a data key for tests of 32 characters or more"
SECRET_KEY = "a secret key for tests of 32 characters or more"


def migrate(url: str) -> None:
    """Bring the database at `url` up to date, as `dispatch db upgrade` does."""
    settings = load_settings(database_url=url, data_key=DATA_KEY)
    upgrade(settings, load_keyring(settings, create=True)).close()


@contextmanager
def opened(**given: Any) -> Iterator[House]:
    """A house with these settings, closed at the end."""
    house = open_house(**{"data_key": DATA_KEY, "secret_key": SECRET_KEY, **given})
    try:
        yield house
    finally:
        house.db.close()


def copy_of(migrated: Path, folder: Path) -> str:
    """Copy a migrated SQLite file to where a command in `folder` looks for it; its address."""
    own = folder / "var" / "dispatch.db"
    own.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(migrated, own)
    return f"sqlite:///{own}"


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process of its own needs to open the same house: our environment, and every setting that was
    given.
    """
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    plain = {
        n: v.get_secret_value() if isinstance(v, SecretStr) else str(v)
        for n, v in given.items()
        if v is not None
    }
    return os.environ | {f"DISPATCH_{name.upper()}": value for name, value in plain.items()}
