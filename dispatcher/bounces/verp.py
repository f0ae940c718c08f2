"""Which message a mail is about, by what we wrote into the address that it was sent to (VERP)."""

import re
from collections.abc import Iterator

from dispatcher.bounces.addresses import addresses_in
from dispatcher.bounces.mail import Part
from dispatcher.rules.references import reference_in

_LEAVE = re.compile(r"leave\.([A-Za-z0-9_-]{16,512})", re.IGNORECASE)
_FOR = re.compile(r"\sfor\s+<([^<>\s]{3,320})>")

# Where mail servers write the envelope's recipient, the surest first; people's programs write only To.
_ENVELOPE = (
    "x-original-to",
    "delivered-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "x-forwarded-to",
    "to",
)
_MOST_RECEIVED = 10


def token_of(mail: Part, mailbox: str) -> str:
    """What stands behind the plus of the address that a mail was sent to: our reference, or `leave.TOKEN`;
    "" when there is none.

    `mailbox` is the one for bounces; without it any address with such a token counts.
    """
    for address in _recipients(mail):
        detail = _detail(address, mailbox)
        if reference := reference_in(detail.lower()):
            return reference
        if _LEAVE.fullmatch(detail):
            return detail
    return ""


def leave_token(detail: str) -> str:
    """The signed token of `leave.TOKEN`, or ""."""
    found = _LEAVE.fullmatch(detail)
    return found[1] if found else ""


def _recipients(mail: Part) -> Iterator[str]:
    for name in _ENVELOPE:
        for value in mail.headers.get(name, []):
            yield from addresses_in(value)
    for value in mail.headers.get("received", [])[:_MOST_RECEIVED]:
        found = _FOR.search(value)
        if found:
            yield found[1]


def _detail(address: str, mailbox: str) -> str:
    local, _, domain = address.rpartition("@")
    name, _, detail = local.partition("+")
    if mailbox and (name.lower(), domain.lower()) != tuple(mailbox.lower().rpartition("@")[::2]):
        return ""
    return detail
