"""A receiver of webhooks on loopback: it checks signatures as its own library does, and answers as told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from fakes.posted_to import Handler, PostedTo


@dataclass(frozen=True, slots=True)
class Got:
    """One POST as it came."""

    name: str  # webhook-id
    headers: Mapping[str, str]
    raw: bytes
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.body["type"])

    @property
    def about(self) -> dict[str, Any]:
        return dict(self.body["data"])


class Receiver(PostedTo):
    """`with Receiver() as crm:`; `crm.secret = ...`, `crm.answer(503)`, then `crm.took` and `crm.refused`."""

    def __init__(self) -> None:
        self.secret = ""
        self.took: list[Got] = []
        self.refused: list[Got] = []
        self.connections = 0
        self.before_answering: Callable[[], None] = lambda: None
        self.retry_after = ""
        super().__init__(self._handler())

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.took]

    def _take(self, name: str, headers: Mapping[str, str], raw: bytes) -> int:
        try:
            body = Webhook(self.secret).verify(raw, dict(headers))
        except WebhookVerificationError:
            return 401
        status = self._next_status()
        (self.took if status == 200 else self.refused).append(Got(name, headers, raw, body))
        return status

    def _handler(self) -> type[Handler]:
        receiver = self

        class Answering(Handler, BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits for a time-out of TCP's

            def setup(self) -> None:
                super().setup()
                receiver.connections += 1

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver._take(self.headers["webhook-id"], dict(self.headers), raw)
                receiver.before_answering()
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", receiver.url)
                if receiver.retry_after:
                    self.send_header("Retry-After", receiver.retry_after)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

        return Answering
