"""What went wrong with an alert's messages, grouped by what it means: a hundred codes are a dozen matters."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dispatcher.channels.base import Result
from dispatcher.channels.twilio_codes import CODES
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.smtp_replies import classify
from dispatcher.rules.smtp_reply_table import ReplyKind
from dispatcher.usecases.deliver.claim import TRYING
from dispatcher.usecases.report.counting import Mishap
from dispatcher.usecases.report.meanings import EXPLAINED, Explained, Meaning
from dispatcher.usecases.restoring.holding import UNKNOWN_FATE

M = Meaning

# `deadline (smtp 451 4.7.1)`: given up for the first, because of the second (rules.retry.GiveUp).
_GIVEN_UP = re.compile(r"(?P<why>deadline|tried for 48 hours) \((?P<code>.*)\)")
_TWILIO = re.compile(r"(?:twilio )?(\d{5})")
_SMTP = re.compile(r"(?:smtp )?(?P<code>[2-5]\d\d)?(?:^|\s|$)(?P<enhanced>[245]\.\d{1,3}\.\d{1,3})?")

_WAITING_WELL = {"", "quiet hours", TRYING}
_BY_REASON: Mapping[str, Meaning] = {
    "suppressed": M.KEPT_OUT,
    "left the list": M.LEFT_BEFORE,
    "has acted already": M.HAD_ACTED,
    "no address any more": M.NO_ADDRESS,
    "an address for practice": M.FOR_PRACTICE,
    "the deadline had passed": M.TOO_LATE,
    "no hour suits all the zones that the number may be in": M.NO_HOUR,
}
_BY_OUR_CODE: Mapping[str, Meaning] = {
    "template": M.TEMPLATE,
    "its worker died rendering it": M.TEMPLATE,
    **dict.fromkeys(("unusable address", "smtputf8 not offered"), M.UNWRITABLE),
    **dict.fromkeys(("unreachable", "connection lost", "timeout", "unreadable answer"), M.OUR_MACHINE),
    **dict.fromkeys(("disk full", "outbox not writable", "out of time"), M.OUR_MACHINE),
}
_STOPPED = 21610
_BY_TWILIO_CODE: Mapping[int, Meaning] = {
    _STOPPED: M.STOPPED,
    **dict.fromkeys((30004, 30007), M.TEXT_FILTERED),
    30036: M.TOO_LATE,
    # The sender: its number, its registration, where it may text.
    **dict.fromkeys((21212, 21408, 21601, 21603, 21606, 21608, 21659, 21660, 21661, 21703), M.UNREGISTERED),
    **dict.fromkeys((30032, 30034), M.UNREGISTERED),
}
_BY_RESULT: Mapping[Result, Meaning] = {
    Result.REFUSED: M.DEAD_NUMBER,
    Result.RETRY: M.PHONE_OFF,
    Result.SLOW_DOWN: M.TOO_FAST,
    Result.BROKEN: M.OUR_STANDING,
    Result.DROPPED: M.THIS_MESSAGE,
}
_BY_REPLY: Mapping[ReplyKind, Meaning] = {
    ReplyKind.RETRY: M.FULL_OR_AWAY,
    ReplyKind.SLOW: M.TOO_FAST,
    ReplyKind.PAUSE: M.OUR_STANDING,
}
_ASLEEP = "2.1"  # RFC 3463: mailbox disabled
_OF_THE_MESSAGE = ("2.3", "3.4", "5.", "6.")  # too long; protocol; conversion
_POLICY = "7."


@dataclass(frozen=True, slots=True)
class Trouble:
    """Messages of one channel that the same thing happened to."""

    channel: Channel
    meaning: Meaning
    codes: Counter[str]  # as messages have them; "" where there was none

    @property
    def number(self) -> int:
        return self.codes.total()

    @property
    def explained(self) -> Explained:
        return EXPLAINED[self.meaning]


def troubles(mishaps: Mapping[Mishap, int]) -> tuple[Trouble, ...]:
    """What went wrong, the most frequent first."""
    found: dict[tuple[Channel, Meaning], Counter[str]] = {}
    for mishap, number in mishaps.items():
        meaning = meaning_of(*mishap)
        if meaning is not None:
            found.setdefault((mishap.channel, meaning), Counter())[mishap.error] += number
    all_of_them = [Trouble(*key, codes) for key, codes in found.items()]
    return tuple(sorted(all_of_them, key=lambda one: (-one.number, one.channel, one.meaning)))


def meaning_of(channel: Channel, status: Status, error: str) -> Meaning | None:  # noqa: PLR0911 - a table
    """What a message's status and error mean; None where nothing is wrong. Total: a code that nobody has
    seen before is UNKNOWN.
    """
    match status:
        case Status.SENT | Status.DELIVERED | Status.SENDING:
            return None
        case Status.QUEUED:
            return None if error in _WAITING_WELL else M.TRIED_AGAIN
        case Status.COMPLAINED:
            return M.COMPLAINED
        case Status.CANCELLED:
            return M.CANCELLED
        case Status.UNCERTAIN:
            return M.RESTORED if error == UNKNOWN_FATE else M.NO_ANSWER
        case Status.SKIPPED:
            return _BY_REASON.get(error, M.UNKNOWN)
        case Status.BOUNCED:
            return _bounced(channel, error)
    return _failed(channel, error)


def _bounced(channel: Channel, error: str) -> Meaning:
    """The status says already that it is about the address."""
    if channel is Channel.EMAIL:
        return M.DEAD_ADDRESS
    return M.STOPPED if _twilio_code(error) == _STOPPED else M.DEAD_NUMBER


def _failed(channel: Channel, error: str) -> Meaning:
    if given_up := _GIVEN_UP.fullmatch(error):
        return M.TOO_LATE if given_up["why"] == "deadline" else _failed(channel, given_up["code"])
    if error in _BY_OUR_CODE:
        return _BY_OUR_CODE[error]
    if channel is Channel.SMS:
        return _of_text(_twilio_code(error))
    return _of_email(error)


def _twilio_code(error: str) -> int | None:
    found = _TWILIO.fullmatch(error)
    return int(found[1]) if found else None


def _of_text(code: int | None) -> Meaning:
    if code is None or code not in CODES:
        return M.UNKNOWN
    return _BY_TWILIO_CODE.get(code) or _BY_RESULT[CODES[code]]


def _of_email(error: str) -> Meaning:
    """By the reply's codes alone: its words were read when it came; they decided what became of it."""
    found = _SMTP.fullmatch(error)
    if not error or found is None:
        return M.UNKNOWN
    enhanced = found["enhanced"] or ""
    kind = classify(int(found["code"] or 0), enhanced, "")
    subject = enhanced.partition(".")[2]
    if kind in _BY_REPLY:
        return _BY_REPLY[kind]
    if subject.startswith(_POLICY):
        return M.TAKEN_FOR_SPAM
    if subject == _ASLEEP:
        return M.FULL_OR_AWAY
    return M.THIS_MESSAGE if subject.startswith(_OF_THE_MESSAGE) else M.REFUSED_BARE
