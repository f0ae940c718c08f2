"""Post something to an address that staff gave us. Such addresses are secrets: they are never shown whole."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from dispatcher.rules.urls import is_loopback, parse_service_url
from dispatcher.rules.webhooks import may_be_called

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 5.0  # for all of a POST
_A_GLANCE = 4096  # bytes; who says more is asked on another connection next time
_JSON = {"Content-Type": "application/json", "User-Agent": "dispatcher"}


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one POST. `problem` is empty where it was taken, and names no more than the host."""

    problem: str
    status: int | None = None  # null: there was no answer
    retry_after: str = ""


class Poster:
    """Posts one after another, over connections that are kept open. Each has so many seconds, and no more:
    also where its receiver says something all the time, and never ends.
    """

    def __init__(self, answer_seconds: float = _ANSWER_SECONDS) -> None:
        import requests

        from dispatcher.channels.deadline import Deadline, DeadlineAdapter

        self._seconds = answer_seconds
        self._deadline = Deadline(answer_seconds)
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, DeadlineAdapter(self._deadline))

    def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Posted:
        """POST some JSON. A redirect is no answer: it would take the words to wherever it points."""
        with self._deadline.running():
            posted = self._post(url, shown_host(url), body, _JSON | dict(headers or {}))
        if self._deadline.passed:  # what was read of an answer was cut off
            return Posted(f"{shown_host(url)} took longer than {self._seconds:g} seconds")
        return posted

    def _post(self, url: str, host: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        import requests
        import urllib3

        try:
            with self._session.post(
                url,
                data=body,
                headers=dict(headers),
                timeout=(min(_CONNECT_SECONDS, self._seconds), self._seconds),
                allow_redirects=False,
                stream=True,
            ) as answer:
                answer.raw.read1(_A_GLANCE)  # what it says is ignored; read, it leaves the connection usable
                taken = answer.ok and not answer.is_redirect
                problem = "" if taken else f"{host} answered {answer.status_code}"
                return Posted(problem, answer.status_code, answer.headers.get("Retry-After", ""))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            return Posted(f"{host} can't be reached ({_in_words(error)})")

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
        self._deadline.tidy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _in_words(error: Exception) -> str:
    """What kept an answer from us; the error's own words may hold the address."""
    import requests

    match error:
        case requests.exceptions.SSLError():
            return "its certificate can't be trusted"
        case requests.Timeout():
            return "no answer in time"
        case requests.ConnectionError():
            return "no connection"
        case _:
            return type(error).__name__


def post_json(url: str, fields: Mapping[str, object]) -> str:
    """POST `fields` as JSON; what went wrong, without the address's secret part, or nothing."""
    with Poster() as poster:
        return poster.post(url, json.dumps(fields, ensure_ascii=False).encode()).problem


def forbidden(url: str) -> str:
    """Why nothing is posted there: its name leads to a machine that no webhook may call. Empty: it may be.

    A name that can't be found is none of these: posting to it says so.
    """
    parts = parse_service_url(url)
    try:
        found = socket.getaddrinfo(parts.host, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        return ""
    loopback = is_loopback(parts.host)
    if all(may_be_called(str(address[0]), loopback=loopback) for *_, address in found):
        return ""
    return f"{parts.host} is an address that no webhook may call"


def shown_host(url: str) -> str:
    """What may be shown of such an address: its host."""
    return parse_service_url(url).host
