"""Servers and senders for the tests of channels."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from dispatcher.channels.smtp import SmtpSender
from dispatcher.channels.smtp_relay import relay_of
from dispatcher.rules.urls import parse_service_url
from servers.certificates import write_certificate

SmtpTo = Callable[..., SmtpSender]


@pytest.fixture
def smtp_to() -> Iterator[SmtpTo]:
    """Make senders to a relay's URL; they are closed at the end."""
    made: list[SmtpSender] = []

    def make(url: str, *, timeout: float = 5.0) -> SmtpSender:
        made.append(SmtpSender(relay_of(parse_service_url(url), timeout)))
        return made[-1]

    yield make
    for sender in made:
        sender.close()


@pytest.fixture(scope="session")
def server_tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """What a server on 127.0.0.1 needs to speak TLS; nobody vouches for its certificate."""
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    write_certificate(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture
def tls_listener(server_tls: ssl.SSLContext) -> Iterator[str]:
    """The https address of something on this machine whose certificate nobody vouches for."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def shake_hands() -> None:
            with contextlib.suppress(OSError):  # clients refuse; the listener is closed at the end
                while True:
                    end, _ = listener.accept()
                    with contextlib.suppress(OSError), end:
                        server_tls.wrap_socket(end, server_side=True).close()

        thread = threading.Thread(target=shake_hands, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
