"""An HTTP server on loopback in place of a chat's webhook: it keeps what is posted and answers as told."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from fakes.posted_to import Handler, PostedTo


class ChatServer(PostedTo):
    """`with ChatServer() as chat:`, then `chat.url`, `chat.answer(...)` and `chat.posted`."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []  # what was taken
        self.refused = 0
        super().__init__(self._handler())

    def _handler(self) -> type[Handler]:
        chat = self

        class Answering(Handler, BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/json"
                status = chat._next_status()
                if status == 200:
                    chat.posted.append(json.loads(body))
                else:
                    chat.refused += 1
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", chat.url)
                self.send_header("Content-Length", "0")
                self.end_headers()

        return Answering
