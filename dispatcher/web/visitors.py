"""Who opens a link, as far as one request tells."""

import re
from functools import cache

from starlette.requests import Request

from dispatcher.rules.visits import Visitor, visitor_of

_LONGEST = 512  # characters of an agent that are looked at
# They fetch an email's pictures when its reader opens it, and hide who that is.
_MAIL_PROXIES = re.compile("GoogleImageProxy|YahooMailProxy")


def visitor_behind(request: Request, *, picture: bool = False) -> Visitor:
    """A person or a machine; of a `picture`, a mail provider's proxy stands for the person."""
    agent = request.headers.get("user-agent", "")[:_LONGEST]
    proxy = picture and _MAIL_PROXIES.search(agent) is not None
    return visitor_of(
        request.method, request.headers, crawler=not proxy and _crawlers().search(agent) is not None
    )


@cache
def _crawlers() -> "re.Pattern[str]":
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    return re.compile("|".join(one["pattern"] for one in CRAWLER_USER_AGENTS_DATA))
