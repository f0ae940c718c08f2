"""The links of a message, and what is wrong with one."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from dispatcher.rules.urls import is_loopback

_IN_TEXT = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING = (
    ".,;:!?)]}'\u00bb\u201d\u2019\u060c\u3002"  # closing quotes, the Arabic comma, the ideographic full stop
)
_OTHER_SCHEMES = frozenset({"mailto", "tel", "sms"})
_LINKING = {"a": "href", "area": "href", "img": "src", "link": "href"}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += linked(tag, attrs)


def linked(tag: str, attributes: Iterable[tuple[str, str | None]]) -> list[str]:
    """The addresses that a tag leads to, or shows."""
    return [value or "" for name, value in attributes if name == _LINKING.get(tag)]


def links_in_html(html: str) -> list[str]:
    """Every link and picture address, in order."""
    reader = _Links()
    reader.feed(html)
    reader.close()
    return reader.found


def links_in_text(text: str) -> list[str]:
    """Every web address, in order, without the punctuation behind it."""
    return [address for _, address in places_in_text(text)]


def places_in_text(text: str) -> Iterator[tuple[int, str]]:
    """Every web address and where it begins."""
    for match in _IN_TEXT.finditer(text):
        yield match.start(), match[0].rstrip(_TRAILING)


def problem_with(link: str) -> str:
    """Why a link would lead a reader nowhere, or nothing. An http link isn't wrong: see `is_unencrypted`."""
    if not link.strip():
        return "is empty"
    scheme, _, rest = link.strip().partition(":")
    if scheme.lower() in _OTHER_SCHEMES and rest:
        return ""
    if scheme.lower() not in {"http", "https"}:
        return "isn't a whole address: it leads nowhere from an email"
    host = host_of(link.strip())
    if is_loopback(host) or host.endswith(".localhost"):
        return "leads to this machine only"
    return "" if "." in host.strip(".") else "isn't an address"


def host_of(link: str) -> str:
    """The host of an http or https address; nothing when it isn't one."""
    try:
        url = urlsplit(link)
        return (url.hostname or "") if url.port != 0 and not re.search(r"\s", link) else ""
    except ValueError:
        return ""


def is_unencrypted(link: str) -> bool:
    """Whether a link is http, which some mail clients warn of."""
    return link.strip().lower().startswith("http:")


def is_web(link: str) -> bool:
    """Whether a link is of the web, rather than an address to write to or a number to call."""
    return link.strip().lower().startswith(("https://", "http://"))
