"""A relay that is far away: a proxy that hands everything on, and what the server says SECONDS late.

Run as `python delay_proxy.py SECONDS SERVER_PORT`. It says the port that it listens on; on SIGTERM it says,
as JSON, how many connections there were, what the client sent, and how often a client waited: sent something
after the server had answered. Nothing is slowed down but by the delay: answers overtake nobody, and any
number of them is on its way at once.
"""

import asyncio
import json
import signal
import sys
from collections import deque
from dataclasses import asdict, dataclass

_BUFFER = 1 << 18


@dataclass
class Seen:
    """What all connections did."""

    connections: int = 0
    waits: int = 0
    client_bytes: int = 0


class Server(asyncio.Protocol):
    """The way back: each piece leaves for the client a fixed time after it came."""

    def __init__(self, client: "Client", seconds: float) -> None:
        self._client = client
        self._seconds = seconds
        self._on_its_way: deque[bytes | None] = deque()  # in order; None: the server hung up
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._client.connected(transport)

    def data_received(self, data: bytes) -> None:
        self._later(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._later(None)

    def _later(self, piece: bytes | None) -> None:
        self._on_its_way.append(piece)
        self._loop.call_later(self._seconds, self._arrive)

    def _arrive(self) -> None:
        self._client.answered(self._on_its_way.popleft())


class Client(asyncio.BufferedProtocol):
    """The way there: at once."""

    def __init__(self, seen: Seen, seconds: float, port: int) -> None:
        self._seen = seen
        self._seconds = seconds
        self._port = port
        self._buffer = memoryview(bytearray(_BUFFER))
        self._server: asyncio.WriteTransport | None = None
        self._early = b""  # said before we reached the server
        self._answered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._seen.connections += 1
        loop = asyncio.get_running_loop()
        self._reaching = loop.create_task(
            loop.create_connection(lambda: Server(self, self._seconds), "127.0.0.1", self._port)
        )

    def connected(self, server: asyncio.BaseTransport) -> None:
        """The server is there."""
        assert isinstance(server, asyncio.WriteTransport)
        self._server = server
        if self._early:
            server.write(self._early)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._seen.client_bytes += nbytes
        self._seen.waits += self._answered
        self._answered = False
        data = bytes(self._buffer[:nbytes])
        if self._server is None:
            self._early += data
        else:
            self._server.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._server is not None:
            self._server.close()

    def answered(self, piece: bytes | None) -> None:
        """What the server said a while ago arrives."""
        if piece is None:
            self._transport.close()
        else:
            self._answered = True
            self._transport.write(piece)


async def main(seconds: float, port: int) -> None:
    """Listen until SIGTERM."""
    loop, seen, stop = asyncio.get_running_loop(), Seen(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(lambda: Client(seen, seconds, port), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    print(json.dumps(asdict(seen)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2])))
