"""What an SMTP server's reply means for us, from its code, its enhanced code and its words.

The first digit is a poor guide, and the enhanced code alone a fair one: servers put greylisting, blocklists,
full mailboxes and unknown people behind the same 550. So a reply is read in this order: enhanced codes that
mean one thing whatever is written, telling words, the other enhanced codes, the reply code. The table is
rules.smtp_reply_table.
"""

import re
from functools import cache

from dispatcher.rules.redaction import without_addresses
from dispatcher.rules.smtp_reply_table import BY_CODE, BY_ENHANCED, BY_WORDS, DECIDED_BY_CODE, ReplyKind

__all__ = ["ReplyKind", "classify", "split_enhanced"]

_ENHANCED = re.compile(r"\s*#?([245]\.\d{1,3}\.\d{1,3})(?!\S)\s*")
_LONGEST_READ = 1000  # characters of a reply's text
_ABOUT_SIZE = frozenset({"2.3", "3.4"})


def split_enhanced(text: str) -> tuple[str, str]:
    """The enhanced code ("5.1.1", or "") that a reply's text begins with, and the text without it (RFC 2034).

    Each line of a reply of several begins with the same code; it is taken out of all.
    """
    match = _ENHANCED.match(text)
    if not match:
        return "", text.strip()
    return match[1], "\n".join(_ENHANCED.sub("", line, count=1).strip() for line in text.splitlines())


def classify(code: int, enhanced: str, text: str, *, about_sender: bool = False) -> ReplyKind:
    """What a reply means. `enhanced` is "5.1.1" or "", `text` what stood after it; addresses in it count
    for nothing.

    `about_sender`: the reply came before a recipient was named (greeting, EHLO, AUTH, MAIL), so that a
    refusal is about us, whatever it says of users and domains.
    """
    if 200 <= code < 400:
        return ReplyKind.OK
    subject = enhanced.partition(".")[2]
    words = without_addresses(text, limit=_LONGEST_READ).lower()
    kind = _read(code, subject, f"{enhanced} {words}".strip())
    if kind in {ReplyKind.SUPPRESS, ReplyKind.DROP}:
        if 400 <= code < 500 or enhanced.startswith("4."):
            return ReplyKind.RETRY  # the server may change its mind: nobody is given up for that
        if about_sender and subject not in _ABOUT_SIZE:
            return ReplyKind.PAUSE
    return kind


def _read(code: int, subject: str, words: str) -> ReplyKind:
    if subject in DECIDED_BY_CODE:
        return DECIDED_BY_CODE[subject]
    for kind, pattern in _patterns():
        if pattern.search(words):
            return kind
    return BY_ENHANCED.get(subject) or BY_CODE.get(code, ReplyKind.DROP)


@cache
def _patterns() -> tuple[tuple[ReplyKind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile("|".join(words))) for kind, words in BY_WORDS)
