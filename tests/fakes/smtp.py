"""A real SMTP server on loopback (aiosmtpd) that answers as told and keeps what it took."""

import asyncio
import ssl
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Answers = dict[str, deque[str]]


@dataclass(frozen=True, slots=True)
class Received:
    """A message that the server took, as it came over the wire (dots undone)."""

    sender: str
    recipient: str
    mime: bytes
    connection: int  # which connection it came over; the first is 1


@dataclass
class SmtpServer:
    """`with SmtpServer() as server:`, then `server.url`, `server.answer(...)` and `server.received`."""

    pipelining: bool = False  # whether it says that it reads ahead (RFC 2920)
    tls: ssl.SSLContext | None = None  # offers STARTTLS
    login: tuple[str, str] | None = None  # who may send; None: everybody
    largest: int = 10_000_000  # bytes of a message
    messages_a_connection: int = 1_000_000  # then 421, and it hangs up
    received: list[Received] = field(default_factory=list)
    connections: int = 0  # how many were ever opened
    port: int = 0

    def __post_init__(self) -> None:
        self._at_sender: deque[str] = deque()
        self._at_recipient: Answers = defaultdict(deque)
        self._at_message: Answers = defaultdict(deque)
        self._open: set[_Conversation] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp server", daemon=True)

    @property
    def url(self) -> str:
        login = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"smtp://{login}127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        """Everybody who got a message, in order, once for each."""
        return [message.recipient for message in self.received]

    def answer(self, recipient: str, *replies: str, to: str = "RCPT") -> None:
        """Answer the next attempts for `recipient` with these replies, one each; afterwards as usual.

        `to` is "RCPT", or "message" for the answer to the message itself.
        """
        (self._at_recipient if to == "RCPT" else self._at_message)[recipient].extend(replies)

    def answer_senders(self, *replies: str) -> None:
        """Answer the next MAIL commands, whoever is the sender, with these replies."""
        self._at_sender.extend(replies)

    def hang_up(self) -> None:
        """Close every connection, as servers do with idle ones; returns when they are closed."""

        async def close() -> None:
            for conversation in list(self._open):
                conversation.transport.abort()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(5)

    def __enter__(self) -> Self:
        self._thread.start()
        listening = self._loop.create_server(lambda: _Conversation(self), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    # What aiosmtpd asks its handler.

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self,
        server: "_Conversation",
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_MAIL(  # noqa: N802
        self, server: "_Conversation", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if server.taken >= self.messages_a_connection:
            await server.push("421 4.7.0 max messages per connection reached")
            server.transport.close()
        if self.login is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._at_sender:
            return self._at_sender.popleft()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802
        self, server: "_Conversation", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._at_recipient[address]:
            return self._at_recipient[address].popleft()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802
        self, server: "_Conversation", session: Session, envelope: Envelope
    ) -> str:
        recipient = envelope.rcpt_tos[0]
        if self._at_message[recipient]:
            return self._at_message[recipient].popleft()
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from is not None
        server.taken += 1
        self.received.append(Received(envelope.mail_from, recipient, envelope.content, server.number))
        return f"250 2.0.0 Ok: queued as Q{len(self.received):06d}"

    def check_login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login.decode(), given.password.decode()) == self.login
        return AuthResult(success=right, handled=False)


class _Conversation(SMTP):
    """One connection; aiosmtpd speaks, the server above decides."""

    transport: asyncio.Transport

    def __init__(self, server: SmtpServer) -> None:
        super().__init__(
            server,
            hostname="fake.test",
            ident="ESMTP",
            data_size_limit=server.largest,
            enable_SMTPUTF8=True,
            tls_context=server.tls,
            authenticator=server.check_login if server.login else None,
            auth_require_tls=False,
            loop=server._loop,
        )
        server.connections += 1
        self.number = server.connections
        self.taken = 0
        self._of = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._of._open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._of._open.discard(self)
        super().connection_lost(error)
