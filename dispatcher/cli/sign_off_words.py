"""Which translations a native speaker has read, in words and as JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from dispatcher.cli.colour import coloured
from dispatcher.cli.times import clock
from dispatcher.usecases.sign_offs import SignedOff, Standing


def sign_off_lines(found: Iterable[SignedOff]) -> Iterator[str]:
    """`ar: read by H. 20:51`; red where the words have changed since, yellow where nobody has read them."""
    unread = []
    for one in found:
        if one.standing is Standing.UNREAD:
            unread.append(one.language)
        else:
            yield _line(one)
    if unread:
        yield coloured(f"{', '.join(unread)}: not read yet by somebody who speaks it", fg="yellow")


def sign_off_json(found: Iterable[SignedOff]) -> list[dict[str, Any]]:
    """The same as objects."""
    return [
        {
            "language": one.language,
            "channel": str(one.channel),
            "standing": str(one.standing),
            "reader": one.reader or None,
            "at": one.at.isoformat() if one.at else None,
        }
        for one in found
    ]


def _line(one: SignedOff) -> str:
    at = clock(one.at) if one.at else ""
    if one.standing is Standing.READ:
        return f"{one.language}: read by {one.reader} {at}"
    if one.standing is Standing.ASKED:
        return coloured(f"{one.language}: {one.reader} was asked {at} and hasn't answered", fg="yellow")
    return coloured(f"{one.language}: stale: read by {one.reader} {at}, before the last change", fg="red")
