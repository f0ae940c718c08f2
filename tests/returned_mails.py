"""Mails that come back, written by hand in the manner of many servers. Nobody real is in them."""

from collections.abc import Iterable

OURS = "42.00ff00ff00ff00ff"
MARIA = "maria@town.example"


def mail(body: str, *headers: str, sender: str = "MAILER-DAEMON@mx.town.example") -> bytes:
    """A mail in one part to our mailbox for bounces."""
    given = (f"From: {sender}", "To: bounces@org.example", "Message-ID: <b1@mx.town.example>", *headers)
    return ("\r\n".join((*given, "", *body.splitlines())) + "\r\n").encode()


def original(*headers: str) -> str:
    """The message that comes back, headers first."""
    lines = (
        f"Message-ID: <{OURS}@org.example>",
        "From: Alerts <alerts@org.example>",
        f"To: {MARIA}",
        *headers,
    )
    return "\n".join((*lines, "Subject: Call your senator", "", "Dear Maria, write to help@org.example."))


def report(notice: str, groups: Iterable[str], returned: str | None = None, *headers: str) -> bytes:
    """A multipart/report (RFC 6522): words for people, groups of fields (RFC 3464), the message."""
    parts = [
        "Content-Type: text/plain; charset=utf-8\n\n" + notice,
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.town.example\n\n"
        + "\n\n".join(groups),
        "Content-Type: message/rfc822\n\n" + (original() if returned is None else returned),
    ]
    body = "".join(f"--=b\n{part}\n" for part in parts) + "--=b--\n"
    kind = 'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="=b"'
    return mail(body, kind, *headers)


def complaint(kind: str, returned: str, *fields: str) -> bytes:
    """An abuse report (RFC 5965)."""
    parts = [
        "Content-Type: text/plain\n\nThis is a report.",
        "\n".join(
            ("Content-Type: message/feedback-report", "", f"Feedback-Type: {kind}", "Version: 1", *fields)
        ),
        "Content-Type: message/rfc822\n\n" + returned,
    ]
    body = "".join(f"--=b\n{part}\n" for part in parts) + "--=b--\n"
    kind = 'Content-Type: multipart/report; report-type=feedback-report; boundary="=b"'
    return mail(body, kind, sender="feedback@town.example")
