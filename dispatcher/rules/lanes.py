"""Lanes by name, and whose it is when a provider says slow down."""

import re

from dispatcher.rules.alert import Channel

# How the large receivers name themselves in their replies, whichever domain the recipient has: a relay that
# speaks with them while we wait passes their words on. (Gmail's end with "gsmtp"; Yahoo's codes are TSS04 and
# TS03, Outlook.com's S775; Exchange Online names its host.)
_RECEIVERS = tuple(
    re.compile(marks)
    for marks in (
        r"gsmtp|google|gmail",
        r"yahoo|\[tss?\d\d\]",
        r"outlook|hotmail|microsoft|office365|\(s775\)",
        r"icloud|apple\.com",
        r"comcast|xfinity",
        r"proofpoint|pphosted",
        r"mimecast",
    )
)


DOMAIN = "domain:"  # what the name of a domain's lane begins with


def provider_lane(channel: Channel) -> str:
    """The lane that every message of a channel takes."""
    return f"provider:{channel}"


def domain_lane(domain: str) -> str:
    """The lane of the mail to one domain."""
    return f"{DOMAIN}{domain}"


def domain_complains(domain: str, words: str, relay: str) -> bool:
    """Whether a "slow down" is the recipient's domain's, not our own relay's: its words name that domain, or
    one of the large receivers.

    `relay` is our relay's host: a relay that names itself speaks for itself (smtp-relay.gmail.com; or our own
    domain's, when we write to a colleague).
    """
    said, ours = words.lower(), relay.lower()
    if domain and domain in said:
        return domain not in ours
    return any(marks.search(said) and not marks.search(ours) for marks in _RECEIVERS)
