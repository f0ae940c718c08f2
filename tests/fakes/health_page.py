"""An https server on loopback in place of our public pages, which answers /health as told."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from dispatcher.settings import Settings, load_settings

WELL = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}'


class HealthPage:
    """An https server on loopback that answers everything with `answer`, as it is on the wire."""

    def __init__(self, pem: Path) -> None:
        self.answer = WELL
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def settings(self) -> Settings:
        """Settings that have this page as the public one."""
        return load_settings(public_url=f"https://127.0.0.1:{self._server.server_address[1]}")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.wfile.write(page.answer if self.path == "/health" else b"HTTP/1.1 404 no\r\n\r\n")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
                """Nothing: tests read what the client says."""

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
