"""What a bounce says of one recipient, before it is given a meaning."""

import re
from dataclasses import dataclass, field

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d./-])(?<!\d:)([45]\d\d)(?=[ \t-]|$|[.,:;)\]'\"])", re.MULTILINE)
_UNSPECIFIC = ("", "4.0.0", "5.0.0")


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` are the server's own, `around` what else the notice says; `action` is RFC 3464's, or "" where
    nobody said."""

    recipient: str = field(repr=False)
    action: str = ""
    status: str = ""
    words: str = field(repr=False, default="")
    around: str = field(repr=False, default="")

    @property
    def code(self) -> int:
        """The reply code in the words, or 0."""
        found = _REPLY.search(self.words)
        return int(found[1]) if found else 0

    @property
    def enhanced(self) -> str:
        """The enhanced code that says most: what the report gives, or else what the server's words have."""
        return self.status if self.status not in _UNSPECIFIC else enhanced_in(self.words) or self.status


def enhanced_in(words: str) -> str:
    """The first enhanced code (RFC 3463) in a text that says more than "failed", else the first, else ""."""
    found: list[str] = _ENHANCED.findall(words)
    telling = [code for code in found if code not in _UNSPECIFIC and not code.startswith("2")]
    return next(iter(telling or found), "")


def has_reply(line: str) -> bool:
    """Whether a line quotes a server's reply."""
    return bool(_REPLY.search(line) or _ENHANCED.search(line))
