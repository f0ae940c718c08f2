"""Where mails that came back lie: a file, a pipe, an mbox, a maildir."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dispatcher.errors import FileUnusable

_STDIN = "-"
_LONGEST = 1_000_000  # bytes of one mail that are kept; the rest is read and dropped


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail. Call `done` once what it says is safe: a maildir's is then seen, others stay as they are."""

    raw: bytes = field(repr=False)
    done: Callable[[], None]


def mails_in(place: str) -> Iterator[Arrived]:
    """The mails of a file (one, or an mbox), of a maildir's `new` folder, or (`-`) of standard input.

    Raises FileUnusable for a folder that is no maildir, OSError for a file that can't be read.
    """
    if place == _STDIN:
        yield from _kept(_each(sys.stdin.buffer))
        return
    path = Path(place)
    if path.is_dir():
        yield from _maildir(path)
        return
    with path.open("rb") as lines:
        yield from _kept(_each(lines))


def _kept(mails: Iterable[bytes]) -> Iterator[Arrived]:
    return (Arrived(raw, _nothing) for raw in mails)


def _nothing() -> None:
    """A file isn't ours to change."""


def _each(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The mails of an mbox (RFC 4155; `>From ` is read as mboxrd), or the one that the lines are."""
    mail = bytearray()
    is_mbox = False
    after_blank = True
    for number, line in enumerate(lines):
        if line.startswith(b"From ") and after_blank and (is_mbox or not number):
            is_mbox = True
            if mail.strip():
                yield bytes(mail)
            mail.clear()
        elif len(mail) < _LONGEST:
            quoted = is_mbox and line.startswith(b">") and line.lstrip(b">").startswith(b"From ")
            mail += (line[1:] if quoted else line)[:_LONGEST]
        after_blank = not line.strip()
    if mail.strip():
        yield bytes(mail)


def _maildir(path: Path) -> Iterator[Arrived]:
    """New mails, by name, which is by time; `done` moves each to `cur` as seen.

    https://cr.yp.to/proto/maildir.html
    """
    new, cur = path / "new", path / "cur"
    if not (new.is_dir() and cur.is_dir()):
        raise FileUnusable(path=path, reason="it is no maildir, which has the folders new and cur")
    for mail in sorted(new.iterdir()):
        if mail.name.startswith(".") or not mail.is_file():
            continue
        with mail.open("rb") as content:
            raw = content.read(_LONGEST)
        yield Arrived(raw, lambda mail=mail: _seen(mail, cur))  # type: ignore[misc]


def _seen(mail: Path, cur: Path) -> None:
    mail.rename(cur / f"{mail.name.partition(':')[0]}:2,S")
