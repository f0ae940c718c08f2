"""What merge data may bring into a message: letters, never line breaks, controls or invisible reordering."""

import re

# The Bidi_Control characters of UAX #9, the byte order mark, and what has no width or no look: they can make
# one name or link read as another. The joiners stay: emoji, Persian and Hindi are written with them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
_SPACE = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")  # controls, line ends, and every kind of space
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n"})
_NOT_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # lone surrogates, noncharacters: not to be encoded


def one_line(text: str) -> str:
    """Text fit for a header, a name or a link: one line, single spaces, nothing invisible."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # so is nearly everything, and looking is quicker than replacing
    return _SPACE.sub(" ", _NOT_TEXT.sub("\ufffd", _INVISIBLE.sub("", text))).strip()


def plain(text: str) -> str:
    """A rendered body: LF line ends, tabs kept, no other control character, nothing that can't be encoded."""
    return plain_utf8(text).decode()


def plain_utf8(text: str) -> bytes:
    """As `plain`, in UTF-8. (Over a 20 KB body a regular expression takes longer than rendering it.)"""
    octets = text.encode(errors="replace")
    if b"\r" in octets:
        octets = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return octets.translate(None, _CONTROLS)
