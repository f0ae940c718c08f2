"""A mail as a tree of parts (RFC 5322, RFC 2045, RFC 2046), read by a reader that nothing can upset.

The standard library's parser recurses as deep as the sender likes and raises on odd charsets; bounces are
full of both. This one looks at so many bytes, parts and levels, and at no more.
"""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header

_LONGEST = 1_000_000  # bytes of a mail that are looked at
_LONGEST_HEADERS = 64_000  # bytes of one part's headers
_LONGEST_VALUE = 4_000  # characters of one header
_MOST_HEADERS = 300
_MOST_PARTS = 40
_DEEPEST = 6

_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n|\A[ \t]*\r?\n")
_FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:(.*)", re.DOTALL)
_TYPE = re.compile(r"\s*([\w.+-]{1,60}/[\w.+-]{1,60})")
_PARAMETER = r"(?:^|[;\s]){}\s*=\s*(?:\"([^\"]{{1,200}})\"?|([^\s;\"]{{1,200}}))"
_CHARSETS = {"iso-2022-jp": "iso-2022-jp-2", "cp-850": "cp850", "x-sjis": "cp932", "shift_jis": "cp932"}
# Codecs of the library that no mail is written in: some take seconds for a long text, others make up letters.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail, or the mail itself. `kind` is its media type; of a container `text` is empty."""

    headers: dict[str, list[str]] = field(repr=False)  # by lower-case name, unfolded, as they were written
    kind: str
    text: str = field(repr=False, default="")
    parts: "tuple[Part, ...]" = ()

    def header(self, name: str) -> str:
        """The first header of this name (lower case), or ""."""
        return self.headers.get(name, [""])[0]

    def walk(self) -> "Iterator[Part]":
        """The part itself and all below it, in the order of the mail."""
        yield self
        for part in self.parts:
            yield from part.walk()


def read_mail(raw: bytes) -> Part:
    """The tree of a mail. An mbox's `From ` line in front of it is left out."""
    raw = raw[:_LONGEST]
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    return _Reader().part(raw.lstrip(b"\r\n"), 0)


def read_headers(text: str) -> dict[str, list[str]]:
    """The headers at the beginning of a text, by lower-case name; the first line that is none ends them."""
    fields: list[tuple[str, str]] = []
    for line in text[:_LONGEST_HEADERS].splitlines():
        found = _FIELD.match(line)
        if line[:1] in {" ", "\t"} and fields:
            name, value = fields[-1]
            fields[-1] = name, f"{value} {line.strip()}"[:_LONGEST_VALUE]
        elif found and len(fields) < _MOST_HEADERS:
            fields.append((found[1].lower(), found[2].strip()[:_LONGEST_VALUE]))
        elif not line.strip() or len(fields) >= _MOST_HEADERS:
            break
    headers: dict[str, list[str]] = {}
    for name, value in fields:
        headers.setdefault(name, []).append(value)
    return headers


def words_of(value: str) -> str:
    """A header's value with its encoded words decoded (RFC 2047), as well as they can be."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        piece if isinstance(piece, str) else _decoded(piece, charset or "latin-1")
        for piece, charset in pieces
    )


class _Reader:
    """One mail's count of parts."""

    def __init__(self) -> None:
        self._left = _MOST_PARTS

    def part(self, raw: bytes, depth: int, kind: str = "text/plain") -> Part:
        self._left -= 1
        head, body = _split(raw)
        headers = read_headers(_decoded(head, "utf-8"))
        given = headers.get("content-type", [""])[0]
        found = _TYPE.match(given)
        kind = found[1].lower() if found else kind
        encoding = headers.get("content-transfer-encoding", [""])[0].lower()
        if kind.startswith("multipart/"):
            inner = _between(body, _parameter(given, "boundary").encode("utf-8", "replace"))
            if inner and depth < _DEEPEST:
                default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
                parts = tuple(self.part(one, depth + 1, default) for one in inner if self._left > 0)
                return Part(headers, kind, "", parts)
            kind = "text/plain"  # without its boundary a container is the text that it looks like
        content = _unpacked(body, encoding)
        if kind in {"message/rfc822", "message/global"} and depth < _DEEPEST and self._left > 0:
            return Part(headers, kind, "", (self.part(content.lstrip(b"\r\n"), depth + 1),))
        readable = kind.startswith(("text/", "message/"))
        charset = _parameter(given, "charset")
        return Part(headers, kind, _decoded(content, charset) if readable else "")


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Headers and body; a part that begins with an empty line has no headers."""
    end = _BLANK_LINE.search(raw, 0, _LONGEST_HEADERS)
    return (raw[: end.start()], raw[end.end() :]) if end else (raw[:_LONGEST_HEADERS], b"")


def _between(body: bytes, boundary: bytes) -> list[bytes]:
    """The parts between the boundary's lines; the last may lack its end (truncated mails are common)."""
    if not boundary:
        return []
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(?:--)?[ \t]*(?=\r?\n|\Z)")
    return [piece.removeprefix(b"\r").removeprefix(b"\n") for piece in line.split(body, _MOST_PARTS)[1:]]


def _parameter(value: str, name: str) -> str:
    found = re.search(_PARAMETER.format(name), value, re.IGNORECASE)
    return (found[1] or found[2]).strip() if found else ""


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding.startswith("quoted-printable"):
        return quopri.decodestring(body)
    if encoding.startswith("base64"):
        try:
            return base64.b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", body) + b"===")
        except binascii.Error:
            return body
    return body


def _decoded(content: bytes, charset: str) -> str:
    """Text in its charset; where that is unknown or wrong as UTF-8, where that is wrong too as Latin-1."""
    name = charset.lower()
    for one in (_CHARSETS.get(name, name) or "utf-8", "utf-8"):
        try:
            if codecs.lookup(one).name not in _NO_CHARSETS:
                return _whole(content.decode(one))
        except (LookupError, UnicodeError, ValueError):
            continue
    return _whole(content.decode("latin-1"))


def _whole(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters, which UTF-7 lets through."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
