"""Quoted-printable bodies (RFC 2045 section 6.7), from pieces most of which are the same for everyone."""

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dispatcher.content.cleaning import plain_utf8

_SPACE_AT_76 = re.compile(rb"(?m)^([^\n]{74,75})(=20|=09)$")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_WORTH_KEEPING = 200  # characters
_MOST_KEPT = 1000  # pieces


@dataclass(frozen=True, slots=True)
class _Kept:
    """A long piece: what belongs to the line before it, its own whole lines encoded, and how it goes on."""

    head: str
    lines: bytes
    tail: str


class Encoder:
    """Encodes a part's pieces. Keep one for each part: the long pieces are what its author wrote, not what
    differs from person to person, and are encoded once.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def encode(self, pieces: Iterable[str]) -> bytes:
        """At most 76 octets a line, CRLF line ends, and no line that begins with a dot."""
        encoded: list[bytes] = []
        between: list[
            str
        ] = []  # joined, not added: Jinja's escaped pieces would escape what they are added to
        for piece in pieces:
            kept = self._kept.get(piece) if len(piece) >= _WORTH_KEEPING else None
            if kept is None and len(piece) >= _WORTH_KEEPING and "\n" in piece:
                kept = self._keep(piece)
            if kept is None:
                between.append(piece)
            else:
                encoded += (encode("".join((*between, kept.head))), kept.lines)
                between = [kept.tail]
        encoded.append(encode("".join(between)))
        return b"".join(encoded)

    def _keep(self, piece: str) -> _Kept:
        first, last = piece.index("\n") + 1, piece.rindex("\n") + 1
        kept = _Kept(piece[:first], encode(piece[first:last]), piece[last:])
        if len(self._kept) < _MOST_KEPT:
            self._kept[piece] = kept
        return kept


def encode(text: str) -> bytes:
    """One text, as Encoder.encode has it."""
    encoded = binascii.b2a_qp(plain_utf8(text))
    if b"=20\n" in encoded or b"=09\n" in encoded or encoded.endswith((b"=20", b"=09")):
        encoded = _SPACE_AT_76.sub(rb"\1=\n\2", encoded)  # the standard library lets such a line reach 78
    if encoded.startswith(b".") or b"\n." in encoded:
        encoded = _without_leading_dots(encoded)
    return encoded.replace(b"\n", b"\r\n")


def _without_leading_dots(encoded: bytes) -> bytes:
    """SMTP would have to double them, and some servers forget to undo that."""
    while _LEADING_DOT.search(encoded):
        encoded = _LEADING_DOT.sub(b"=2E=\n", encoded)
    return encoded
