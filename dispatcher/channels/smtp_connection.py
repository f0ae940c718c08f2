"""One kept-open connection to a relay and its transactions: MAIL, RCPT, DATA, the message, the answer.

Everything about one message hangs on one moment: when the final dot is handed to the kernel. Whatever goes
wrong before, the message was certainly not taken; after it only the relay's answer can tell.
"""

import re
import smtplib
import time
from dataclasses import dataclass
from enum import StrEnum

from dispatcher.channels.base import OUT_OF_TIME
from dispatcher.rules.rendered import RenderedEmail

_LONGEST_LINE = 8192  # bytes; RFC 5321 4.5.3.1.5 allows 512, servers write more
_MOST_LINES = 100
_CLOSING = 421
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f<>]")
_END = b".\r\n"


class Stage(StrEnum):
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"
    MESSAGE = "message"


_EXPECTED = {Stage.SENDER: 250, Stage.RECIPIENT: 250, Stage.DATA: 354, Stage.MESSAGE: 250}
_OFFER = (Stage.SENDER, Stage.RECIPIENT, Stage.DATA)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the relay answered, and to what; `text` may have several lines."""

    stage: Stage
    code: int
    text: str

    @property
    def agrees(self) -> bool:
        """Whether it lets us go on: 250, 251 and 252 alike (RFC 5321 4.3.2)."""
        return self.code // 10 == _EXPECTED[self.stage] // 10


class Lost(Exception):
    """The connection ended before the message was handed over: certainly not taken. Says the code."""


class NoAnswer(Exception):
    """The message was handed over whole, and no answer came: it may have been taken. Says the code."""


class Unusable(Exception):
    """The recipient's address can't be said in SMTP to this relay. Says the code."""


class SmtpConnection:
    """Carries one message after the other; not shared between threads while it does."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp
        assert smtp.sock is not None
        assert smtp.file is not None  # EHLO was answered
        self._socket = smtp.sock
        self._answers = smtp.file
        self._pipelining = smtp.has_extn("pipelining")
        self._eight_bit = smtp.has_extn("8bitmime")
        self._utf8 = smtp.has_extn("smtputf8")
        self._size = smtp.has_extn("size")
        limit = smtp.esmtp_features.get("size", "")
        self._largest = int(limit) if limit.isdigit() else 0  # 0: it doesn't say (RFC 1870)
        self.usable = True

    def deliver(self, message: RenderedEmail, not_after: float) -> Reply:
        """Hand one message over and return the relay's answer: of the refusal, or to the whole message.

        Nothing is handed over after `not_after` (time.monotonic()). Raises Lost, NoAnswer and Unusable.
        """
        commands = self._envelope(message)
        if self._largest and len(message.mime) > self._largest:
            return Reply(Stage.SENDER, 552, f"5.3.4 the relay takes {self._largest} bytes")
        try:
            refusal = self._offer(commands)
            if refusal is not None:
                return refusal
            if time.monotonic() >= not_after:
                self.close()
                raise Lost(OUT_OF_TIME)
            self._socket.sendall(on_the_wire(message.mime))
        except OSError as error:
            self.close()
            raise Lost(_code_of(error)) from None
        try:
            return self._read(Stage.MESSAGE)
        except OSError as error:
            self.close()
            raise NoAnswer(_code_of(error)) from None

    def close(self) -> None:
        """Say goodbye without waiting for the answer."""
        self.usable = False
        try:
            self._socket.settimeout(1)
            self._socket.sendall(b"QUIT\r\n")
        except (OSError, ValueError):  # it has gone already
            pass
        self._smtp.close()

    def _envelope(self, message: RenderedEmail) -> tuple[bytes, bytes, bytes]:
        parameters = f" SIZE={len(message.mime)}" if self._size else ""
        if self._eight_bit and not message.mime.isascii():
            parameters += " BODY=8BITMIME"  # RFC 6152
        sender, recipient = self._path(message.envelope_from), self._path(message.to)
        if not (sender.isascii() and recipient.isascii()):
            parameters += " SMTPUTF8"  # RFC 6531
        return (
            f"MAIL FROM:<{sender}>{parameters}\r\n".encode(),
            f"RCPT TO:<{recipient}>\r\n".encode(),
            b"DATA\r\n",
        )

    def _path(self, address: str) -> str:
        """An address as a command may carry it: nothing in it can end the command or begin another."""
        if _NOT_IN_A_PATH.search(address):
            raise Unusable("unusable address")
        if address.isascii() or self._utf8:
            return address
        local, _, domain = address.rpartition("@")
        try:
            plain = f"{local}@{domain.encode('idna').decode()}"
        except UnicodeError:
            plain = address
        if not plain.isascii():
            raise Unusable("smtputf8 not offered")
        return plain

    def _offer(self, commands: tuple[bytes, bytes, bytes]) -> Reply | None:
        """Name sender and recipient and ask to send: the refusal, or None when the message may follow.

        All in one write where the relay reads ahead (RFC 2920), else one by one.
        """
        replies: list[Reply] = []
        if self._pipelining:
            self._socket.sendall(b"".join(commands))
        for stage, command in zip(_OFFER, commands, strict=True):
            if not self._pipelining:
                self._socket.sendall(command)
            replies.append(self._read(stage))
            if replies[-1].code == _CLOSING:  # no other answer comes (RFC 5321 3.8)
                self.close()
                break
            if not (self._pipelining or replies[-1].agrees):
                break
        refusal = next((reply for reply in replies if not reply.agrees), None)
        if refusal is not None and self.usable:
            self._forget(asked_for_message=replies[-1].agrees)
        return refusal

    def _forget(self, *, asked_for_message: bool) -> None:
        """Make the connection ready for the next message after a refusal.

        A relay may ask for the message although it refused everybody: RFC 2920 3.1 has us send a lone dot.
        """
        try:
            self._socket.sendall(b".\r\n" if asked_for_message else b"RSET\r\n")
            self._read(Stage.MESSAGE)
        except OSError:
            self.close()

    def _read(self, stage: Stage) -> Reply:
        """The next reply. OSError when none comes, or one that is none."""
        lines: list[bytes] = []
        line = b"000-"
        while line[3:4] == b"-":
            line = self._answers.readline(_LONGEST_LINE)
            lines.append(line[4:])
            if not line.endswith(b"\n") or len(lines) > _MOST_LINES:
                raise ConnectionResetError
        code = line[:3]
        reply = (
            Reply(stage, int(code), b"".join(lines).decode("utf-8", "replace")) if code.isdigit() else None
        )
        if reply is None or not (reply.agrees or 400 <= reply.code < 600):
            raise ConnectionResetError
        return reply


def on_the_wire(mime: bytes) -> bytes:
    """A message as DATA carries it (RFC 5321 4.5.2): CRLF lines, leading dots doubled, and the final dot.

    A lone CR or LF would let a message smuggle a second one past servers that take it for a line's end.
    """
    lines = mime.splitlines()  # at CRLF, CR and LF alike
    wire = b"\r\n".join([*lines, _END])
    if wire.startswith(b".") or wire.find(b"\r\n.", 0, -len(_END) - 2) >= 0:
        wire = b"\r\n".join([*(b"." + line if line.startswith(b".") else line for line in lines), _END])
    return wire


def _code_of(error: OSError) -> str:
    return "timeout" if isinstance(error, TimeoutError) else "connection lost"
