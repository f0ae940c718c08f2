"""Complaints: abuse reports (RFC 5965, RFC 6650) and the few that come without one."""

import re

from dispatcher.bounces.addresses import addresses_in
from dispatcher.bounces.mail import Part, read_headers
from dispatcher.rules.events import EventKind

# Feedback types (RFC 5965 section 7.3 and IANA's registry; opt-out is RFC 6430's and older programs').
_KINDS = {
    "abuse": EventKind.COMPLAINED,
    "fraud": EventKind.COMPLAINED,
    "miscategorized": EventKind.UNKNOWN,
    "not-spam": EventKind.UNKNOWN,
    "virus": EventKind.BLOCKED,
    "auth-failure": EventKind.UNKNOWN,  # about whoever forges our name (RFC 6591), or our own DKIM
    "dmarc": EventKind.UNKNOWN,
    "other": EventKind.COMPLAINED,
    "complaint": EventKind.COMPLAINED,
    "opt-out": EventKind.UNSUBSCRIBED,
    "opt-out-list": EventKind.UNSUBSCRIBED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
}
# Microsoft's reports have no feedback part: the message, and who complained in its headers.
_COMPLAINER = ("x-hmxmroriginalrecipient", "x-original-recipient")
_COMPLAINT_SUBJECT = re.compile(r"complaint about (?:a )?message from|^email feedback report", re.IGNORECASE)


def complaint_of(mail: Part, returned: dict[str, list[str]]) -> tuple[EventKind, list[str]] | None:
    """What a report is, and the addresses of who complained as far as it or the message that came back names
    them; None: no report."""
    report = next((part for part in mail.walk() if part.kind == "message/feedback-report"), None)
    headers = [*(part.headers for part in mail.walk() if part is not mail), returned]
    if report is None:
        complainers = _named(headers, _COMPLAINER[:1])
        if complainers or _COMPLAINT_SUBJECT.search(mail.header("subject")):
            return EventKind.COMPLAINED, complainers or _named(headers, ("to",))
        return None
    fields = read_headers(report.text.lstrip())
    kind = _KINDS.get(fields.get("feedback-type", [""])[0].strip().lower(), EventKind.COMPLAINED)
    who = _named([fields], ("original-rcpt-to", "removal-recipient")) or _named(headers, _COMPLAINER)
    return kind, who or _named(headers, ("to", "delivered-to"))


def _named(headers: list[dict[str, list[str]]], names: tuple[str, ...]) -> list[str]:
    """The addresses under the first of these names that has any."""
    for name in names:
        values = [value for one in headers for value in one.get(name, [])]
        found = addresses_in("\n".join(values))
        if found:
            return found
    return []
