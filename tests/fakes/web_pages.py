"""A web server on loopback whose pages answer as their names say: /200, /404, /slow, /head, /round ..."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


class WebPages(ThreadingHTTPServer):
    """What was asked of it is in `asked`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.asked: list[str] = []
        self.over = Event()

    def link(self, name: str) -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class _Page(BaseHTTPRequestHandler):
    server: WebPages

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """Silent."""

    def _answer(self) -> None:
        name = self.path.rpartition("/")[2]  # the whole address where we are asked as a proxy
        self.server.asked.append(f"{self.command} {name}")
        if name == "silent":
            self.server.over.wait(30)
        status = {"round": 302, "moved": 301, "head": 200 if self.command == "GET" else 405}.get(name)
        self.send_response(status or (int(name) if name.isdigit() else 200))
        if name in {"round", "moved"}:
            self.send_header("Location", "/round" if name == "round" else "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def web_pages() -> Iterator[WebPages]:
    """The server, running."""
    with WebPages() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
