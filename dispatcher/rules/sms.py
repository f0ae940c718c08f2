"""The size of a text: what carriers bill and limit is segments, not characters.

GSM 03.38 (3GPP TS 23.038) packs 7-bit septets: 160 in a text alone, 153 in each part of a longer one. One
character outside that alphabet turns the whole text into UCS-2: 70 alone, 67 a part, in UTF-16 units.
"""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

MAX_LENGTH = 1600  # in UTF-16 units; Twilio refuses a longer body with error 21617

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")  # sent as an escape and a second septet
_NEWLINES = str.maketrans({"\r": "\n", "\v": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


class Encoding(StrEnum):
    GSM = "GSM-7"
    UCS2 = "UCS-2"


_ALONE = {Encoding.GSM: 160, Encoding.UCS2: 70}
_A_PART = {Encoding.GSM: 153, Encoding.UCS2: 67}


def normalise(text: str) -> str:
    r"""The text as it should go out: NFC, so that an accented letter is one character; line ends as `\n`."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_NEWLINES)


def encoding(text: str) -> Encoding:
    """How phones will receive this text."""
    return Encoding.GSM if _BASIC.union(_EXTENSION).issuperset(text) else Encoding.UCS2


def forcing_characters(text: str) -> tuple[str, ...]:
    """The characters that turn a text into UCS-2, each once, in the order of their first appearance."""
    return tuple(dict.fromkeys(char for char in text if char not in _BASIC and char not in _EXTENSION))


def length(text: str) -> int:
    """UTF-16 units, as MAX_LENGTH counts: an emoji is two."""
    return sum(_utf16_widths(text))


def segments(text: str) -> int:
    """How many segments this body takes, counted as it is: `normalise` first. An empty one is a message.

    Neither an escape pair nor a surrogate pair straddles two parts: one that would moves whole to the next.
    """
    coded = encoding(text)
    widths = list(_septets(text) if coded is Encoding.GSM else _utf16_widths(text))
    if sum(widths) <= _ALONE[coded]:
        return 1
    parts, room = 1, _A_PART[coded]
    for width in widths:
        if width > room:
            parts, room = parts + 1, _A_PART[coded]
        room -= width
    return parts


def _septets(text: str) -> Iterable[int]:
    return (2 if char in _EXTENSION else 1 for char in text)


def _utf16_widths(text: str) -> Iterable[int]:
    return (2 if char > "\uffff" else 1 for char in text)
