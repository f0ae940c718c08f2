"""What a bounce gives back of the message that it is about."""

import re
from collections.abc import Iterator

from dispatcher.bounces.mail import Part, read_headers

_LONGEST = 100_000  # characters of a notice that are looked at
_MOST_LINES = 1_500
_RETURNED_KINDS = ("message/rfc822", "message/global", "text/rfc822")

# Lines after which a notice in plain text gives back the message.
_MARKS = re.compile(
    r"""
      below \s this \s line \s is \s a \s copy
    | (?:is|was) \s a \s copy \s of \s (?:the|your) \s (?:\w+\s)? (?:message|headers|mail)
    | [-=]{2,} \s* (?:the \s)? (?:original|unsent|returned|undelivered|failed) \s (?:message|mail)
    | original \s message (?:\s headers)? \s* (?:follows|:)
    | (?:message|mail) \s headers? \s follow
    | (?:header|beginning|start|first \s .{1,20}) \s (?:of|from) \s (?:the|your) \s (?:original \s)?
        (?:message|mail)
    | ^ content-type: \s* (?:message/rfc822|text/rfc822-headers)
    | (?:message|mail) \s text \s follows
    | ^ \s* -+ \s* (?:copia|kopie|copie) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_HEADER = re.compile(
    r"(?:Received|Return-Path|Message-ID|MIME-Version|DKIM-Signature|X-[\w-]+):", re.IGNORECASE
)
_ANY_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,40}:|[ \t]+\S")
_TAG = re.compile(r"<[^<>]{0,500}>")
_NOT_SEEN = re.compile(r"<(?:style|script|head)\b", re.IGNORECASE)


def split_notice(mail: Part) -> tuple[list[str], dict[str, list[str]]]:
    """The lines that a server wrote, and the headers of the message that it gives back (or {})."""
    lines = _notice(mail)
    cut = _cut(lines)
    returned = next(_returned_headers(mail), None) or read_headers("\n".join(_from_headers(lines[cut:])))
    return lines[:cut], returned


def _notice(mail: Part) -> list[str]:
    """The text of the notice: what is plain, or else what can be read of its HTML."""
    parts = list(read_by_people(mail))
    plain = [part.text for part in parts if part.kind == "text/plain" and part.text.strip()]
    texts = plain or [text_of_html(part.text) for part in parts if part.kind == "text/html"]
    return "\n".join(texts)[:_LONGEST].replace("\xa0", " ").splitlines()[:_MOST_LINES]


def read_by_people(mail: Part) -> Iterator[Part]:
    """Every part but those of messages that it has in it."""
    yield mail
    for part in mail.parts:
        if not part.kind.startswith(("message/", "text/rfc822")):
            yield from read_by_people(part)


def text_of_html(html: str) -> str:
    """The words of a page, line by line."""
    from html import unescape

    breaks = re.sub(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b", "\n<br", _seen(html[:_LONGEST]))
    return unescape(_TAG.sub(" ", breaks))


def _seen(html: str) -> str:
    """HTML without its styles and scripts. One that never ends takes the rest with it."""
    lower = html.lower()
    pieces: list[str] = []
    at = 0
    while found := _NOT_SEEN.search(html, at):
        pieces.append(html[at : found.start()])
        at = lower.find(f"</{found[0][1:].lower()}", found.end())
        if at < 0:
            return "".join(pieces)
    return "".join((*pieces, html[at:]))


def _cut(lines: list[str]) -> int:
    """The number of the line with which the message that came back begins."""
    for number, line in enumerate(lines):
        if _MARKS.search(line[:120]):
            return number + 1 if number else 0
        if number and _FIRST_HEADER.match(line) and all(map(_ANY_HEADER.match, lines[number : number + 3])):
            return number
    return len(lines)


def _from_headers(lines: list[str]) -> list[str]:
    """From the first line on that is a header."""
    for number, line in enumerate(lines):
        if re.match(r"[A-Za-z][A-Za-z0-9-]{1,40}:", line):
            return lines[number:]
    return []


def _returned_headers(mail: Part) -> Iterator[dict[str, list[str]]]:
    for part in mail.walk():
        if part.kind in _RETURNED_KINDS[:2] and part.parts:
            yield part.parts[0].headers
        elif part.kind.startswith(_RETURNED_KINDS[2]):
            yield read_headers(part.text.lstrip())
