"""What a bounce means. "Bounced" isn't "hard": the server's own code and words go through the one table
(rules.bounce_kinds), and a provider's opinion decides only where there are none.
"""

import re

from dispatcher.rules import bounce_kinds
from dispatcher.rules.events import EventKind

_BEGINS = re.compile(r"^(?:smtp|x-[\w-]{1,40}|dns)\s*;\s*", re.IGNORECASE)  # RFC 3464: the kind of diagnosis
_LONGEST_READ = 1000
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# A reply code at the beginning, or in the middle where nobody can take it for a number of something else.
_CODE = re.compile(r"^([245]\d\d)(?=[\s\-#:]|$)|\b([45]\d\d)(?=[ \-]#?[45]\.\d{1,3}\.\d)")


def bounce_kind(words: str, code: str, *, otherwise: EventKind) -> EventKind:
    """What a message that was given up for good came to.

    `words` are the receiving server's, "smtp;" in front or not; `code` is what the provider gives beside
    them, "550" or "5.1.1". Words without any code are the provider's own prose: then its type decides,
    `otherwise`.
    """
    reply, enhanced, rest = split_reply(words, code)
    if not (reply or enhanced) or 200 <= reply < 300 or enhanced.startswith("2."):
        return otherwise
    kind = bounce_kinds.bounce_kind(reply, enhanced, rest, bounce_kinds.stage_of(words))
    # A refusal that doesn't say why is no dead address: it counts, and many of them do.
    return EventKind.SOFT_BOUNCE if kind is EventKind.UNKNOWN else kind


def split_reply(words: str, code: str = "") -> tuple[int, str, str]:
    """Reply code (0: none), enhanced code ("": none) and the text after them, of a server's words."""
    rest = _BEGINS.sub("", words[:_LONGEST_READ].strip())
    found = _CODE.search(rest)
    reply = int(found[1] or found[2]) if found else 0
    if found and found[1]:
        rest = rest[found.end() :].lstrip(" -#:")
    named = _ENHANCED.search(rest) or _ENHANCED.fullmatch(code.strip())
    enhanced = named[1] if named else ""
    if not reply and re.fullmatch(r"[245][0-9][0-9]", code.strip()):
        reply = int(code)
    if enhanced and rest.startswith(enhanced):
        rest = rest[len(enhanced) :].strip()
    return reply, enhanced, rest


def code_of(words: str, code: str = "") -> str:
    """The most exact code of a refusal: "5.1.1", else "550", else what the provider gives."""
    reply, enhanced, _ = split_reply(words, code)
    return enhanced or (str(reply) if reply else code.strip()[:20])
