"""Getting a certificate: whole and in time, or not at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from dispatcher.callbacks.fetching import fetch

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ncert"


@contextmanager
def somebody(says: bytes, *, then: bytes = b"") -> Iterator[str]:
    """The address of a server that says this, and goes on with `then` for ever."""
    listening, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def speak() -> None:
        with suppress(OSError), listening.accept()[0] as line:
            line.recv(65536)
            line.sendall(says)
            while then and not over.wait(0.02):
                line.sendall(then)

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/certificate.pem"
    finally:
        over.set()
        listening.close()
        speaker.join(5)


def test_a_whole_answer_is_given() -> None:
    with somebody(WHOLE) as url:
        assert fetch(url) == b"cert"


@pytest.mark.parametrize(
    "says",
    [
        WHOLE.replace(b"200 OK", b"404 Not Found"),
        WHOLE.replace(b"200 OK", b"302 Found\r\nLocation: http://127.0.0.1:1/other"),
        b"",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nno length\r\n",
    ],
)
def test_anything_else_is_none(says: bytes) -> None:
    with somebody(says) as url:
        assert fetch(url) is None


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\n", WHOLE.replace(b"4\r\n", b"40000\r\n")])
def test_an_answer_that_takes_for_ever_is_none(begun: bytes) -> None:
    with somebody(begun, then=b"0") as url:
        assert fetch(url, within=0.2) is None


def test_nobody_there_is_none() -> None:
    assert fetch("http://127.0.0.1:1/certificate.pem") is None
    assert fetch("no address") is None
