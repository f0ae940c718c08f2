"""Imports: a file of people through `dispatch subscribers import` into an empty PostgreSQL, and once more."""

import csv
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import Figure
from installation import Installation
from loopback import postgres
from processes import held_by
from sizes import Sizes

_ROWS_A_SECOND, _MEGABYTES = 10_000, 200
_NO_REDIS = "redis://127.0.0.1:1/0"  # an import needs none
_IMPORT = (sys.executable, "-P", "-m", "dispatcher", "subscribers", "import")
_LOOKS_EVERY = 0.1  # seconds between two looks at the memory

_HEADER = ("email", "phone", "first_name", "last_name", "language", "postal_code")
_AREA_CODES = """
202 203 205 206 207 208 212 213 214 216 217 224 225 228 229 239 240 248 251 252 253 254 260 262 267 303 309
312 315 318 320 331 334 337 401 402 404 405 406 407 408 410 412 414 415 417 602 618 619 630 708 713 717 718
""".split()
_FIRST_NAMES = "Alice James Ruth María José Lucía Carlos Ana Íñigo Anna Piotr Zofia Łukasz Grace Omar".split()
_LAST_NAMES = "Brown Carter García López Núñez Pérez Kowalski Wójcik Young Haddad Mansour Evans Reed".split()
_LANGUAGES = ("English", "en", "Spanish", "es", "Polish", "")
_PHONES = ("({area}) 555-{line:04}", "{area}-555-{line:04}", "{area}555{line:04}", "+1{area}555{line:04}")
_BIG_DOMAINS, _SMALL_DOMAINS = 6, 5000
_AT_A_BIG_ONE, _WITH_POSTAL_CODE = 0.7, 0.4


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: its answer, the seconds from the command's start to its end, the most bytes it held."""

    answer: dict[str, Any]
    seconds: float
    peak: int


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Rows a second of new people and the memory of it, and rows a second of the same file again."""
    file = folder / "people.csv"
    write_people(file, sizes.imported)
    with postgres() as database:
        ours = Installation(folder, database, _NO_REDIS)
        ours.dispatch("lists", "add", "newsletter", "--name", "Newsletter")
        new = import_people(ours, file)
        rows = f"{sizes.imported:,} rows in {new.seconds:.1f} s"
        yield Figure("imports", "new people, rows/s", sizes.imported / new.seconds, rows, _ROWS_A_SECOND)
        yield Figure("imports", "memory at its most, MB", new.peak / 1e6, rows, None, _MEGABYTES)
        again = import_people(ours, file)
    assert new.answer["added"] == again.answer["unchanged"] == sizes.imported, (new, again)
    rows = f"{sizes.imported:,} rows in {again.seconds:.1f} s"
    yield Figure("imports", "the same file again, rows/s", sizes.imported / again.seconds, rows)


def write_people(path: Path, number: int) -> None:
    """A file of so many people who don't exist: half with a phone, a third with letters beyond ASCII."""
    chance = random.Random(2024)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(_person(n, chance) for n in range(number))


def _person(n: int, chance: random.Random) -> tuple[str, ...]:
    big = chance.random() < _AT_A_BIG_ONE
    domain = f"big{n % _BIG_DOMAINS}" if big else f"small{chance.randrange(_SMALL_DOMAINS)}"
    area, line = _AREA_CODES[n // 20_000 % len(_AREA_CODES)], n // 2 % 10_000
    return (
        f"Person.{n}@{domain}.example.org",
        chance.choice(_PHONES).format(area=area, line=line) if n % 2 else "",
        chance.choice(_FIRST_NAMES),
        chance.choice(_LAST_NAMES),
        chance.choice(_LANGUAGES),
        f"{chance.randrange(100_000):05}" if chance.random() < _WITH_POSTAL_CODE else "",
    )


def import_people(ours: Installation, file: Path) -> Imported:
    """Run the command to its end, looking at its memory all the while."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*_IMPORT, str(file), "--list", "newsletter", "--consent-source", "benchmark", "--json"],
        env=ours.env,
        cwd=ours.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    looked: list[int] = []
    ended = threading.Event()
    watch = threading.Thread(target=_look, args=(process.pid, looked, ended))
    watch.start()
    output, _ = process.communicate()
    seconds = time.monotonic() - began
    ended.set()
    watch.join()
    if process.returncode:
        raise RuntimeError(f"the import failed: {output.decode()}")
    return Imported(json.loads(output), seconds, max(looked))


def _look(pid: int, looked: list[int], ended: threading.Event) -> None:
    while not ended.wait(_LOOKS_EVERY):
        looked.append(held_by(pid))
