"""An HTTP server on loopback in place of a chat's webhook: it keeps what is posted and answers as told."""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class ChatServer:
    """`with ChatServer() as chat:`, then `chat.url`, `chat.answer(...)` and `chat.posted`."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []  # what was taken
        self.refused = 0
        self._statuses: deque[int] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/a-secret"

    def answer(self, *statuses: int) -> None:
        """Answer the next posts with these statuses, one each; afterwards everything is taken."""
        self._statuses.extend(statuses)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/json"
                status = chat._statuses.popleft() if chat._statuses else 200
                if status == 200:
                    chat.posted.append(json.loads(body))
                else:
                    chat.refused += 1
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", chat.url)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
                """Nothing: tests read what was posted."""

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
