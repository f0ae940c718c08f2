"""Who opened a link: a person, or a machine that looks before they do.

Mailbox providers and security gateways open links as a message arrives, chat programs fetch them for a
preview, browsers fetch what they think will be wanted next. Counted as people they would make every alert a
success.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

# Which link of a message it is: the one that the campaign asks for, then the others as they come, from 1.
ACTION = 0
# Not a link at all: the picture that tells that an email was opened, where a campaign asks for that.
PICTURE = -1
OUR_PAGE = -2  # on the Calls to Action page

SOON = timedelta(seconds=10)  # nobody reads an email and decides so soon after it was handed over
TOGETHER = timedelta(seconds=3)
MANY = 3  # links of one message within that time: a scanner opens them all

# What a browser says that fetches a page before anybody asked: Sec-Purpose (Fetch, section 3.7), Purpose and
# X-Purpose (older Chromium and Safari), X-Moz (Firefox).
_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")


class Visitor(StrEnum):
    """Who a visit is counted as."""

    PERSON = "person"
    MACHINE = "machine"


def visitor_of(method: str, headers: Mapping[str, str], *, crawler: bool) -> Visitor:
    """What one request looks like by itself. `headers` are found by small names; `crawler`: its agent is a
    known one.
    """
    ahead = any(word in headers.get(name, "").lower() for name in _AHEAD for word in ("prefetch", "preview"))
    nameless = not headers.get("user-agent", "").strip()
    return Visitor.MACHINE if method != "GET" or crawler or ahead or nameless else Visitor.PERSON


def too_soon(sent_at: datetime, at: datetime) -> bool:
    """Whether a message's link was opened so soon after it was handed over that a scanner did it."""
    return at - sent_at < SOON


def all_at_once(others: Mapping[int, datetime], at: datetime) -> frozenset[int]:
    """Which links of the same message were opened together with one that is opened `at`; none when they are
    few enough for a person. `others`: link -> when it was opened.
    """
    together = frozenset(link for link, when in others.items() if abs(at - when) <= TOGETHER)
    return together if len(together) >= MANY - 1 else frozenset()
