"""HTTP that is over in time, whoever answers: the time-out of requests begins anew with every byte."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Deadline:
    """Shuts every line of its connections down when what is going on takes too long. For one thread."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._seconds = seconds
        self._lock = threading.Lock()
        # A line is a second handle of its connection's socket: TLS takes the first one away.
        self._lines: dict[HTTPConnection, socket.socket] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """What is done within has so many seconds; `passed` tells afterwards whether it was cut off."""
        self.passed = False
        timer = threading.Timer(self._seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            self.tidy()

    def hold(self, connection: HTTPConnection, line: socket.socket) -> None:
        """Take a new line; at once down, where it came too late."""
        with self._lock:
            former = self._lines.pop(connection, None)
            self._lines[connection] = line.dup()
        if former is not None:
            former.close()
        if self.passed:
            self._cut()

    def tidy(self) -> None:
        """Let go of the lines of connections that are closed."""
        for connection in [one for one in self._lines if one.sock is None]:
            self._lines.pop(connection).close()

    def before_each_address(self) -> Iterator[tuple[int, int, int]]:
        """Options of a socket, asked for before each address that a name has: none is tried any more when it
        is too late.
        """
        if self.passed:
            raise TimeoutError
        yield socket.IPPROTO_TCP, socket.TCP_NODELAY, 1

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            for line in self._lines.values():
                with suppress(OSError):  # the other side was faster
                    line.shutdown(socket.SHUT_RDWR)


class DeadlineAdapter(HTTPAdapter):
    """What a session of requests connects by, under a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._pools = _pools(deadline)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


class _Options:
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        return self._deadline.before_each_address()


def _pools(deadline: Deadline) -> dict[str, type[HTTPConnectionPool]]:
    options: Any = _Options(deadline)

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            self.socket_options = options
            line = super()._new_conn()
            deadline.hold(self, line)
            return line

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            self.socket_options = options
            line = super()._new_conn()
            deadline.hold(self, line)
            return line

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}
