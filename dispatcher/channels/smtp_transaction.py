"""One message's way over a connection: MAIL, RCPT, DATA, the message, the answer. Without its socket.

Everything hangs on one moment: when the final dot is handed to the kernel. Whatever goes wrong before, the
message was certainly not taken; after it only the relay's answer can tell.
"""

import re
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from enum import StrEnum

from dispatcher.channels.base import OUT_OF_TIME, Outcome, Result
from dispatcher.channels.smtp_relay import RESULTS, reply_code
from dispatcher.channels.smtp_wire import Offers, Unusable, envelope, on_the_wire
from dispatcher.rules.redaction import without_addresses
from dispatcher.rules.rendered import Rendered, RenderedEmail
from dispatcher.rules.smtp_replies import classify, split_enhanced

_LOST = "connection lost"
CLOSING = 421  # no other answer comes after it (RFC 5321 3.8)

# The relay's own id in its last answer: Postfix and SendGrid; Exim; Exchange; Amazon SES; Sendmail.
_QUEUE_ID = re.compile(
    r"queued as ([\w.-]+)|\bid=([\w.-]+)|InternalId=(\d+)|^ok ([\w.-]{20,})|(\w+) message accepted",
    re.MULTILINE | re.IGNORECASE,
)


class Stage(StrEnum):
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"
    MESSAGE = "message"


_EXPECTED = {Stage.SENDER: 250, Stage.RECIPIENT: 250, Stage.DATA: 354, Stage.MESSAGE: 250}
_OFFER = (Stage.SENDER, Stage.RECIPIENT, Stage.DATA)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the relay said; `text` may have several lines."""

    code: int
    text: str
    early: bool = False  # before we had written all that it answers

    def agrees(self, stage: Stage) -> bool:
        """Whether it lets us go on: 250, 251 and 252 alike (RFC 5321 4.3.2)."""
        return self.code // 10 == _EXPECTED[stage] // 10

    def fits(self, stage: Stage) -> bool:
        """Whether it is an answer to that at all: nobody can agree to a message that isn't there yet."""
        return 400 <= self.code < 600 or (self.agrees(stage) and not (self.early and stage is Stage.MESSAGE))


class Gone(Exception):
    """Thrown into a transaction when its connection ends, or stays silent for too long. Says the code."""

    def __init__(self, code: str, *, written: bool) -> None:
        super().__init__(code)
        self.written = written  # whether all that was to be written had been handed to the kernel


@dataclass(frozen=True, slots=True)
class Ending:
    """How a transaction ended, and whether its connection can carry the next message."""

    outcome: Outcome
    usable: bool = True


# Yields what to write, maybe nothing, and is sent each reply; yields None to wait for permission, and is sent
# None then.
Transaction = Generator[bytes | None, Reply | None, Ending]


def transaction(
    message: Rendered, offers: Offers, not_after: float, permitted: Callable[[], bool]
) -> Transaction:
    """Hand one message over. Nothing of it is written before it is `permitted`, and nothing after `not_after`
    (time.monotonic()).
    """
    assert isinstance(message, RenderedEmail)
    try:
        commands = envelope(message, offers)
    except Unusable as unusable:
        return Ending(Outcome(message.message_id, Result.DROPPED, str(unusable)))
    if offers.largest and len(message.mime) > offers.largest:
        refusal = Reply(552, f"5.3.4 the relay takes {offers.largest} bytes")
        return Ending(_outcome_of(message, Stage.SENDER, refusal))
    try:
        refused = yield from _offer(commands, pipelining=offers.pipelining)
        if refused is not None:
            usable = yield from _forget(refused)
            return Ending(_outcome_of(message, refused.stage, refused.reply), usable)
        yield from _permission(permitted)
    except Gone as gone:
        return Ending(Outcome(message.message_id, Result.RETRY, str(gone)), usable=False)
    if time.monotonic() >= not_after:
        return Ending(Outcome(message.message_id, Result.RETRY, OUT_OF_TIME), usable=False)
    return (yield from _hand_over(message))


@dataclass(frozen=True, slots=True)
class _Refused:
    """Whose refusal it is, and what followed it: a relay may ask for the message and refuse everybody."""

    stage: Stage
    reply: Reply
    closing: bool = False
    asked_for_message: bool = False


def _offer(
    commands: tuple[bytes, bytes, bytes], *, pipelining: bool
) -> Generator[bytes, Reply | None, _Refused | None]:
    """Name sender and recipient and ask to send: the refusal, or None when the message may follow.

    All in one write where the relay reads ahead (RFC 2920), else one by one.
    """
    refused: _Refused | None = None
    writes = (b"".join(commands), b"", b"") if pipelining else commands
    for stage, write in zip(_OFFER, writes, strict=True):
        try:
            reply = _sensible((yield write), stage)
        except Gone:
            if refused is None:
                raise
            return replace(refused, closing=True)
        agrees = reply.agrees(stage)
        if not agrees:
            refused = refused or _Refused(stage, reply)
        if refused is not None:
            refused = replace(
                refused,
                closing=reply.code == CLOSING,
                asked_for_message=agrees and stage is Stage.DATA,
            )
            if refused.closing or not pipelining:
                break
    return refused


def _permission(permitted: Callable[[], bool]) -> Generator[None, Reply | None, None]:
    """Wait for it; a relay that says something meanwhile, unasked, closes."""
    while not permitted():
        if (yield None) is not None:
            raise Gone(_LOST, written=True)


def _sensible(reply: Reply | None, stage: Stage) -> Reply:
    assert reply is not None
    if not reply.fits(stage):
        raise Gone(_LOST, written=not reply.early)
    return reply


def _forget(refused: _Refused) -> Generator[bytes, Reply | None, bool]:
    """Make the connection ready for the next message after a refusal; whether it is.

    To a message that was asked for although everybody was refused, RFC 2920 3.1 has us send a lone dot.
    """
    if refused.closing:
        return False
    try:
        answer = yield b".\r\n" if refused.asked_for_message else b"RSET\r\n"
    except Gone:
        return False
    return answer is not None and answer.code != CLOSING


def _hand_over(message: RenderedEmail) -> Transaction:
    try:
        reply = _sensible((yield on_the_wire(message)), Stage.MESSAGE)
    except Gone as gone:
        result = Result.UNCERTAIN if gone.written else Result.RETRY
        return Ending(Outcome(message.message_id, result, str(gone)), usable=False)
    usable = not reply.early and reply.code != CLOSING
    return Ending(_outcome_of(message, Stage.MESSAGE, reply), usable)


def _outcome_of(message: RenderedEmail, stage: Stage, reply: Reply) -> Outcome:
    enhanced, words = split_enhanced(reply.text)
    code = reply_code(reply.code, enhanced)
    if reply.agrees(stage):
        found = _QUEUE_ID.search(words)
        queue_id = next(filter(None, found.groups())) if found else ""
        return Outcome(message.message_id, Result.ACCEPTED, code, provider_ref=queue_id[:100])
    kind = classify(reply.code, enhanced, words, about_sender=stage is Stage.SENDER)
    return Outcome(message.message_id, RESULTS[kind], code, without_addresses(words, message.to))
