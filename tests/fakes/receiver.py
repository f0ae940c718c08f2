"""A receiver of webhooks on loopback: it checks signatures as its own library does, and answers as told."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from standardwebhooks import Webhook, WebhookVerificationError


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


class Receiver:
    """`with Receiver() as crm:`; `crm.secret = ...`, `crm.answer(503)`, then `crm.took` and `crm.refused`."""

    def __init__(self) -> None:
        self.secret = ""
        self.took: list[Got] = []
        self.refused: list[Got] = []
        self.connections = 0
        self.before_answering: Callable[[], None] = lambda: None
        self.retry_after = ""
        self._statuses: deque[int] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/a-secret"

    def answer(self, *statuses: int) -> None:
        """Answer the next posts with these statuses, one each; afterwards everything is taken."""
        self._statuses.extend(statuses)

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.took]

    def _take(self, name: str, headers: Mapping[str, str], raw: bytes) -> int:
        try:
            body = Webhook(self.secret).verify(raw, dict(headers))
        except WebhookVerificationError:
            return 401
        status = self._statuses.popleft() if self._statuses else 200
        (self.took if status == 200 else self.refused).append(Got(name, headers, raw, body))
        return status

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
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

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
                """Nothing: tests read what came."""

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
