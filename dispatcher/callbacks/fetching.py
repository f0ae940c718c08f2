"""Getting what a receiver needs from its provider: a certificate, or the end of a subscription."""

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 5.0
_LONGEST = 64_000  # bytes; certificates have 2 kB


def fetch(url: str) -> bytes | None:
    """The body of an answer of 200, at most 64,000 bytes; else None. A redirect is no answer: it would take
    us from the host that was looked at to any other.
    """
    import requests

    try:
        with requests.get(
            url, timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS), allow_redirects=False, stream=True
        ) as answer:
            return answer.raw.read(_LONGEST, decode_content=True) if answer.status_code == 200 else None
    except (requests.RequestException, OSError, ValueError):
        return None
