"""The web app as it runs: uvicorn on loopback, spoken to over HTTP."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from dispatcher.house import House
from dispatcher.tokens import LEAVE_PATH, Signer
from dispatcher.web.app import create_app
from servers.processes import wait_until

ORG = {
    "org_name": "Illinois Coalition",
    "from_name": "ICIRR alerts",
    "from_email": "alerts@example.org",
    "org_address": "1 Main St",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site said."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """A running site and its house."""

    house: House
    port: int

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read().decode(errors="replace"))
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post(self, path: str, body: bytes = b"", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"} | named)

    def link(self, *token: Any) -> str:
        """The path of a link for leaving: the arguments of Signer.leave_token."""
        return LEAVE_PATH + Signer.load(self.house.settings).leave_token(*token)


@contextmanager
def serving(house: House) -> Iterator[Site]:
    """The site of a house, on a free port, until the end."""
    config = uvicorn.Config(create_app(house), port=0, log_level="warning", access_log=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield Site(house, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
