"""Header lines (RFC 5322, RFC 2047) as bytes: folded at 76 columns, CRLF, no line or recipient too many.

The standard library's folding is not used: it can split a long display name with a comma into two recipients.
Values must have been through `cleaning.one_line`.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

from dispatcher.errors import RenderFailed

Piece = TypeVar("Piece", str, bytes)

_COLUMNS = 76  # RFC 2047 section 2: lines with an encoded word
_WORD = 60  # an encoded word, of at most 75, that fits beside every header's name
_FRAME = len("=?utf-8?q??=")
_ATOMS = re.compile(r"[A-Za-z0-9'-]+(?: [A-Za-z0-9'-]+)*")
_Q_SAFE = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"
)  # RFC 2047 section 5 (3)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3, with its brackets


@lru_cache(maxsize=512)
def unstructured(name: str, value: str) -> bytes:
    """A header of free text, such as Subject."""
    words = value.split(" ")
    if not _is_plain(value) or max(map(len, words)) > _WORD:
        words = list(_encoded_words(value))
    return _folded(name, words)


def mailbox(name: str, display: str, address: str) -> bytes:
    """A header with one mailbox; `address` is one of `ascii_address`."""
    return _folded(name, [*phrase(display), f"<{address}>"])


def phrase(display: str) -> list[str]:
    """A display name as the words to fold between: atoms, one quoted string, or encoded words."""
    if not display:
        return []
    if _is_plain(display) and len(display) <= _WORD:
        if _ATOMS.fullmatch(display):
            return display.split(" ")
        return ['"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return list(_encoded_words(display))


def ascii_address(address: str) -> str:
    """An address as RFC 5321 has it, its domain in A-labels. RenderFailed when there is no such form."""
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise RenderFailed(reason="address needs SMTPUTF8", detail="")
    if not domain.isascii():
        domain = _a_labels(domain)
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)) or len(address) > _LONGEST_ADDRESS:
        raise RenderFailed(reason="address isn't valid", detail="")
    return f"{local}@{domain}"


def _a_labels(domain: str) -> str:
    import idna

    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise RenderFailed(reason="address isn't valid", detail="") from None


def _is_plain(value: str) -> bool:
    """Printable ASCII that nobody would decode."""
    return value.isascii() and value.isprintable() and "=?" not in value


def _folded(name: str, words: Iterable[str]) -> bytes:
    lines = [f"{name}:"]
    for number, word in enumerate(words):
        if number and len(lines[-1]) + 1 + len(word) > _COLUMNS:
            lines.append("")
        lines[-1] += f" {word}"
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _encoded_words(text: str) -> Iterator[str]:
    """Encoded words, none split inside a character; Q while most of the text is Latin, B else."""
    quoted = [_quoted(char) for char in text]
    binary = [char.encode() for char in text]
    if sum(map(len, quoted)) * 3 <= sum(map(len, binary)) * 5:
        for chunk in _packed(quoted, _WORD - _FRAME):
            yield f"=?utf-8?q?{''.join(chunk)}?="
    else:
        for octets in _packed(binary, (_WORD - _FRAME) // 4 * 3):
            yield f"=?utf-8?b?{base64.b64encode(b''.join(octets)).decode()}?="


@lru_cache(maxsize=1024)
def _quoted(char: str) -> str:
    if char == " ":
        return "_"
    return char if char in _Q_SAFE else "".join(f"={octet:02X}" for octet in char.encode())


def _packed(pieces: Iterable[Piece], limit: int) -> Iterator[list[Piece]]:
    """As many pieces together as fit into `limit`."""
    chunk: list[Piece] = []
    size = 0
    for piece in pieces:
        if size + len(piece) > limit:
            yield chunk
            chunk, size = [], 0
        chunk.append(piece)
        size += len(piece)
    yield chunk
