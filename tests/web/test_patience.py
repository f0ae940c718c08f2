"""Clients that hold a connection open by a byte now and then."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from dispatcher.web.patience import PatientProtocol
from servers.processes import wait_until


class Hasty(PatientProtocol):
    """The same with less of it."""

    head_within = 0.2


@pytest.fixture
def port() -> Iterator[int]:
    config = uvicorn.Config(Starlette(), port=0, log_level="warning", ws="none", lifespan="off", http=Hasty)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


def said_until_closed(client: socket.socket) -> bytes:
    said = b""
    try:
        while more := client.recv(4096):
            said += more
    except ConnectionResetError:
        pass
    return said


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX: y"])
def test_a_head_that_does_not_end_is_not_waited_for(port: int, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(begun)
        assert said_until_closed(client) == b""


def test_an_answered_client_may_ask_again_but_not_drip(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        for _ in range(2):
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"Not Found"):
                answer += client.recv(4096)
        client.sendall(b"GET / HT")
        assert said_until_closed(client) == b""
