"""What this machine tells: the keys on it, the files that others may read, and the copies that lie about."""

import os
import stat
import tomllib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from dispatcher.house import House
from dispatcher.keyring import key_file
from dispatcher.models import Subscriber
from dispatcher.models.installation import installation_name
from dispatcher.paths import state_folder
from dispatcher.rules.alert import Channel
from dispatcher.rules.journal import LaidOut
from dispatcher.settings import TOML, Settings
from dispatcher.usecases.exposure.exposed import Exposed, Taken, exposed
from dispatcher.usecases.journal.names import is_sealed

_OTHERS = stat.S_IRWXG | stat.S_IRWXO  # permission bits of everybody but the owner
_SHOWN = 3  # files by name; of more the number says enough
_exposed = partial(exposed, Taken.MACHINE)


def of_machine(house: House) -> Iterator[Exposed]:
    """The keys first: with them the rest doesn't matter."""
    yield _key(house)
    yield _secrets()
    yield _readable(house)
    yield _outbox(house.settings)
    yield _spreadsheets()
    yield _journal(house)


def _key(house: House) -> Exposed:
    with house.db.reading() as session:
        people = session.scalar(select(func.count()).select_from(Subscriber)) or 0
    made = house.settings.data_key is None
    where = f"in {key_file('data')}" if made else "in this machine's settings"
    beside = "beside the database" if house.db.sqlite else "and the password of the database with it"
    return Exposed(
        Taken.MACHINE,
        "data_key",
        True,
        people,
        f"The data key lies {where}, {beside}: then everything of {people:,} people, with their names, "
        "addresses and lists.",
        "Encrypt this machine's disk and switch it off at night; on a server hand the key in from outside "
        "(DISPATCH_DATA_KEY_FILE on a disk in memory), never in a backup.",
    )


def _secrets() -> Exposed:
    """Passwords in dispatch.toml: by their settings' names."""
    file = Path(TOML)
    given = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    secret = sorted(name for name in given if "SecretStr" in str(Settings.model_fields[name].annotation))
    return _exposed(
        "secrets_in_settings",
        len(secret),
        f"{len(secret)} keys or passwords (alone or in addresses) in {TOML}: {', '.join(secret) or 'none'}.",
        "Give them as DISPATCH_..._FILE; who has the SMS or email password reads the provider's logs too.",
    )


def _readable(house: House) -> Exposed:
    """Files of ours that another user of this machine may read or change."""
    found = sorted(set(_open_to_others(_ours(house))))
    shown = ", ".join(map(str, found[:_SHOWN])) or "none"
    return _exposed(
        "readable_files",
        len(found),
        f"{len(found)} of our files may be read or changed by other users of this machine: {shown}"
        f"{' and others' * (len(found) > _SHOWN)}.",
        f"chmod go= {' '.join(map(str, found[:_SHOWN]))}",
    )


def _ours(house: House) -> Iterator[Path]:
    yield Path(TOML)
    yield Path(".env")
    yield state_folder()
    yield house.db.journal.folder
    if house.db.sqlite:
        file = Path(house.db.url.database or "").resolve()
        yield from (file.with_name(file.name + end) for end in ("", "-wal", "-shm"))


def _open_to_others(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if not place.exists() or not place.stat().st_mode & _OTHERS:
            continue
        if place.is_dir():
            yield from _open_to_others(path for path in place.iterdir() if not path.is_symlink())
        elif place.parent.stat().st_mode & _OTHERS:  # nobody else enters a closed folder
            yield place


def _outbox(settings: Settings) -> Exposed:
    folders = {Path(settings.service(channel).path) for channel in Channel if settings.practice[channel]}
    files = sum(1 for folder in folders if folder.is_dir() for one in os.scandir(folder) if one.is_file())
    return _exposed(
        "outbox",
        files,
        f"{files:,} practice messages with names, addresses and all words, as files.",
        f"rm -r {' '.join(sorted(map(str, folders)))}",
    )


def _spreadsheets() -> Exposed:
    """Exports and files to import that somebody left where `dispatch` is run."""
    found = [path for end in ("csv", "xlsx", "xls", "tsv") for path in Path().glob(f"*.{end}")]
    return _exposed(
        "spreadsheets",
        len(found),
        f"{len(found)} spreadsheets in this folder; there may be more among your downloads.",
        "Delete exports and imported files: `dispatch subscribers export` makes another one at any time.",
    )


def _journal(house: House) -> Exposed:
    journal = house.db.journal
    with house.db.reading() as session:
        files = journal.files(installation_name(session))
    facts = (fact for entry in journal.read(files) for fact in entry.facts)
    plain = sum(1 for fact in facts if isinstance(fact, LaidOut) and not is_sealed(fact))
    return _exposed(
        "journal",
        plain,
        "The journal says when somebody left something, by keyed hashes: of no use without the data key. "
        f"{plain} lines of it name a campaign, as an earlier release wrote them.",
        "`dispatch backup FILE` on that machine, or a worker's start, writes it anew.",
    )
