"""What a refusal that came back means, in the words of rules.events: the one table of replies, folded.

A bounce says more than a reply in our own dialogue does: programs on the way add words of their own, and
what was refused for good needn't be about the address.
"""

import re
from enum import StrEnum
from functools import cache

from dispatcher.rules.events import EventKind
from dispatcher.rules.smtp_replies import classify
from dispatcher.rules.smtp_reply_table import ReplyKind

_FOLDED = {
    ReplyKind.OK: EventKind.DELIVERED,
    ReplyKind.RETRY: EventKind.SOFT_BOUNCE,
    ReplyKind.SLOW: EventKind.BLOCKED,
    ReplyKind.PAUSE: EventKind.BLOCKED,
}

# What is refused with this message alone, by its words and by the subject of its enhanced code (RFC 3463).
_ASLEEP_OR_TOO_BIG = (
    r"inactive|disabled|suspended|deactivated|locked|frozen|expired account|on hold|discontinued"
    r"|too (?:big|large|long)|message (?:size|length)|size limit|exceeds? .{0,30}(?:size|maximum)"
)
_POLICY = (
    r"virus|malware|phish|spam|\bube\b|unsolicited|polic(?:y|ies)|content|attachment|filter|rfc|restrict"
    r"|preferences|not (?:allowed|permitted|authori)|denied|prohibited|resolver\.rst"
)
_LONGEST = 2_000  # characters of a bounce's words
_SOFT_SUBJECTS = frozenset({"2.1", "2.3", "3.4"})  # asleep; too long for it, or for the system
_POLICY_SUBJECTS = ("6.", "7.", "5.")  # conversion and content; policy; a protocol that went wrong

# Which command was refused, as programs tell it: Postfix "in reply to", Exim "after", transcripts ">>>".
_COMMAND = (
    r"(?:in reply to|after(?: pipelined)?|response to|did not like our(?: final)?|error from|smtp command"
    r"|>>>|\[)"
    r"\s{0,3}(mail\b|mail_from|ehlo|helo|rcpt|data\b|end of (?:data|message)|\.)"
)
_CODES = re.compile(r"\b[45]\d\d[ -]#?(?:[245]\.\d{1,3}\.\d{1,3})?|#?\b[245]\.\d{1,3}\.\d{1,3}\b")


class Stage(StrEnum):
    """How far the dialogue had come when a server refused (RFC 5321 section 3.3)."""

    SENDER = "sender"  # before any recipient was named: it is about us
    RECIPIENT = "recipient"
    MESSAGE = "message"
    UNKNOWN = "unknown"


_STAGES = {
    "mail": Stage.SENDER,
    "mail_from": Stage.SENDER,
    "ehlo": Stage.SENDER,
    "helo": Stage.SENDER,
    "rcpt": Stage.RECIPIENT,
}


def stage_of(words: str) -> Stage:
    """The stage that a bounce's words name, the last one they do."""
    named: list[str] = _compiled(_COMMAND).findall(" ".join(words[:_LONGEST].lower().split()))
    return _STAGES.get(named[-1], Stage.MESSAGE) if named else Stage.UNKNOWN


def bounce_kind(code: int, enhanced: str, words: str, stage: Stage = Stage.UNKNOWN) -> EventKind:
    """What a bounce's reply code (0: none), enhanced code ("" or "5.1.1") and words mean.

    UNKNOWN when neither says anything: a bare refusal, for whatever reason.

    A server that took the recipient's name and says "user unknown" once it has the message, or whose code
    speaks of a mailbox (X.2.X) that it says isn't there, has somebody's filter speak: carriers in Japan and
    some gateways do so for all that a person doesn't want. That is no dead address, unless the code is one
    about addresses (X.1.X): where commands are pipelined, DATA is out before the recipient is answered.
    """
    text = " ".join(_CODES.sub(" ", words[:_LONGEST]).split())
    kind = classify(code, enhanced, text, about_sender=stage is Stage.SENDER)
    subject = enhanced.partition(".")[2]
    if kind is ReplyKind.SUPPRESS:
        named = subject.startswith("1.") or stage is Stage.RECIPIENT
        filtered = not named and (stage is Stage.MESSAGE or subject.startswith("2."))
        return EventKind.BLOCKED if filtered else EventKind.HARD_BOUNCE
    if kind in _FOLDED:
        return _FOLDED[kind]
    if subject in _SOFT_SUBJECTS or _seen(_ASLEEP_OR_TOO_BIG, text):
        return EventKind.SOFT_BOUNCE
    if subject.startswith(_POLICY_SUBJECTS) or _seen(_POLICY, text):
        return EventKind.BLOCKED
    return EventKind.UNKNOWN


def _seen(pattern: str, words: str) -> bool:
    return _compiled(pattern).search(words.lower()) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
