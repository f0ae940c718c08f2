"""Getting what a receiver needs from its provider: a certificate, or the end of a subscription."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 5.0
_SECONDS = 8.0  # for all of it: the provider waits for our own answer meanwhile
_LONGEST = 64_000  # bytes; certificates have 2 kB


def fetch(url: str, *, within: float = _SECONDS) -> bytes | None:
    """The body of an answer of 200, at most 64,000 bytes; else None, also when it isn't there `within` so
    many seconds. A redirect is no answer: it would take us from the host that was looked at to any other.
    """
    import requests

    from dispatcher.channels.deadline import Deadline, DeadlineAdapter

    deadline = Deadline(within)
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, DeadlineAdapter(deadline))
        with deadline.running():
            body = _body(session, url)
    return None if deadline.passed else body


def _body(session: "requests.Session", url: str) -> bytes | None:
    import requests
    import urllib3

    try:
        with session.get(
            url, timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS), allow_redirects=False, stream=True
        ) as answer:
            return answer.raw.read(_LONGEST, decode_content=True) if answer.status_code == 200 else None
    # urllib3's own: an answer is read past requests, a bounded part of it.
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
        return None
