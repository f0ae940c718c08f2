"""Whether the pages behind links are there: asked politely, a few at a time, and not for long."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

_AT_A_TIME = 4
_SECONDS = 6.0
# Refusals of programs rather than of people: the page is there for who opens it in a browser.
_ONLY_FOR_PEOPLE = frozenset({401, 403, 405, 406, 418, 429, 451, 501, 503, 999})
_REFUSED = 400
_GONE = frozenset({404, 410})
_AS = {"User-Agent": "Mozilla/5.0 (compatible; dispatch-check)", "Accept": "text/html,*/*"}


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """What is wrong with a link, in words that follow it."""

    words: str
    gone: bool  # rather than perhaps only now


def knock(links: Iterable[str], *, seconds: float = _SECONDS) -> dict[str, NoAnswer | None]:
    """Ask for each page; None where there is one. `seconds` to connect, and to wait for more of an answer."""
    asked = list(links)
    with ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="knock") as pool:
        return dict(zip(asked, pool.map(lambda link: _ask(link, seconds), asked), strict=True))


def _ask(link: str, seconds: float) -> NoAnswer | None:
    import requests

    try:
        status = _status(link, seconds)
    except requests.exceptions.SSLError:
        return NoAnswer("has a certificate that browsers refuse", gone=True)
    except requests.exceptions.Timeout:
        return NoAnswer(f"doesn't answer within {seconds:g} seconds", gone=False)
    except requests.exceptions.TooManyRedirects:
        return NoAnswer("only leads round in circles", gone=True)
    except (requests.exceptions.RequestException, UnicodeError) as error:
        return NoAnswer(f"can't be reached ({type(error).__name__})", gone=False)
    if status < _REFUSED or status in _ONLY_FOR_PEOPLE:
        return None
    return NoAnswer("isn't there any more" if status in _GONE else f"answers {status}", gone=status in _GONE)


def _status(link: str, seconds: float) -> int:
    """The answer to HEAD, or to GET where a server doesn't know that. The page itself isn't read."""
    import requests

    status = _REFUSED
    for method in ("HEAD", "GET"):
        if status >= _REFUSED:
            with requests.request(
                method, link, timeout=seconds, headers=_AS, stream=True, allow_redirects=True
            ) as answer:
                status = answer.status_code
    return status
