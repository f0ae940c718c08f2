"""An HTTP server on loopback that something is posted to; what it does with that, its kinds say."""

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Handler(BaseHTTPRequestHandler):
    """Answers one post."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Nothing: tests read what came."""


class PostedTo:
    """Serves while it is a context. `answer(...)` says how it answers."""

    def __init__(self, handler: type[Handler]) -> None:
        self._statuses: deque[int] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/a-secret"

    def answer(self, *statuses: int) -> None:
        """Answer the next posts with these statuses, one each; afterwards everything is taken."""
        self._statuses.extend(statuses)

    def _next_status(self) -> int:
        return self._statuses.popleft() if self._statuses else 200

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
