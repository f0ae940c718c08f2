"""Emails read back by the standard library in its strictest mood."""

import email
import email.policy
from email.message import EmailMessage

from dispatcher.rules.rendered import RenderedEmail

ONCE = [
    *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"),
    *("Feedback-ID", "Precedence", "MIME-Version", "Content-Language", "Content-Type"),
]


def parsed(mime: bytes) -> EmailMessage:
    """The message; any defect of its structure raises."""
    message = email.message_from_bytes(mime, policy=email.policy.strict)
    assert isinstance(message, EmailMessage)
    return message


def assert_flawless(mime: bytes, *, signatures: int = 0) -> EmailMessage:
    """CRLF and line lengths on the wire; no defect anywhere; exactly one of each header and no other."""
    assert b"\n" not in mime.replace(b"\r\n", b"")
    assert b"\r" not in mime.replace(b"\r\n", b"")
    assert mime.isascii()
    assert b"\0" not in mime
    assert not mime.startswith(b".")
    assert b"\n." not in mime
    assert mime.endswith(b"\r\n")
    assert max(map(len, mime.split(b"\r\n"))) <= 998  # RFC 5322 section 2.1.1
    message = parsed(mime)
    for part in message.walk():
        assert not part.defects
        assert not [value.defects for value in part.values() if value.defects]
    assert sorted(message.keys()) == sorted([*ONCE, *["DKIM-Signature"] * signatures])
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    return message


def assert_for_one(rendered: RenderedEmail, address: str) -> EmailMessage:
    """A flawless email whose envelope and whose To header have this one recipient and no other."""
    message = assert_flawless(rendered.mime)
    assert rendered.to == address
    assert [one.addr_spec for one in message["To"].addresses] == [address]
    assert len(message["From"].addresses) == 1
    return message
