"""What SMTP carries: a message's envelope as commands, and its bytes as DATA wants them (RFC 5321)."""

import re
import smtplib
from dataclasses import dataclass

from dispatcher.rules.rendered import RenderedEmail

_NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f<>]")
_END = b".\r\n"


class Unusable(Exception):
    """The recipient's address can't be said in SMTP to this relay. Says the code."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What the relay's answer to EHLO said that it can do."""

    pipelining: bool  # RFC 2920
    eight_bit: bool  # RFC 6152
    utf8: bool  # RFC 6531
    size: bool  # RFC 1870
    largest: int  # bytes; 0: it doesn't say

    @classmethod
    def of(cls, smtp: smtplib.SMTP) -> "Offers":
        """The offers on an open connection."""
        limit = smtp.esmtp_features.get("size", "")
        return cls(
            pipelining=smtp.has_extn("pipelining"),
            eight_bit=smtp.has_extn("8bitmime"),
            utf8=smtp.has_extn("smtputf8"),
            size=smtp.has_extn("size"),
            largest=int(limit) if limit.isdigit() else 0,
        )


def envelope(message: RenderedEmail, offers: Offers) -> tuple[bytes, bytes, bytes]:
    """MAIL, RCPT and DATA; raises Unusable."""
    parameters = f" SIZE={len(message.mime)}" if offers.size else ""
    if offers.eight_bit and not message.mime.isascii():
        parameters += " BODY=8BITMIME"
    sender, recipient = _path(message.envelope_from, offers), _path(message.to, offers)
    if not (sender.isascii() and recipient.isascii()):
        parameters += " SMTPUTF8"
    return (
        f"MAIL FROM:<{sender}>{parameters}\r\n".encode(),
        f"RCPT TO:<{recipient}>\r\n".encode(),
        b"DATA\r\n",
    )


def _path(address: str, offers: Offers) -> str:
    """An address as a command may carry it: nothing in it can end the command or begin another."""
    if _NOT_IN_A_PATH.search(address):
        raise Unusable("unusable address")
    if address.isascii() or offers.utf8:
        return address
    local, _, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        plain = address
    if not plain.isascii():
        raise Unusable("smtputf8 not offered")
    return plain


def on_the_wire(message: RenderedEmail) -> bytes:
    """A message as DATA carries it (RFC 5321 4.5.2): CRLF lines, leading dots doubled, and the final dot.

    A lone CR or LF would let a message smuggle a second one past servers that take it for a line's end.
    """
    if message.wire_ready:
        return message.mime + _END
    lines = message.mime.splitlines()  # at CRLF, CR and LF alike
    return b"\r\n".join([*(b"." + line if line.startswith(b".") else line for line in lines), _END])
