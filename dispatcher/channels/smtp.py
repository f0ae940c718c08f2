"""Email through an SMTP relay: several kept-open, pipelined connections, all served by one loop."""

import ssl
from collections.abc import Iterable, Iterator

from dispatcher.channels.base import Health, Outcome
from dispatcher.channels.feed import Fed
from dispatcher.channels.smtp_connection import SmtpConnection
from dispatcher.channels.smtp_flow import SmtpFlow
from dispatcher.channels.smtp_pool import SmtpPool
from dispatcher.channels.smtp_relay import CannotOpen, Relay
from dispatcher.rules.alert import Channel


class SmtpSender:
    """Hands emails to one relay. A message whose answer never came is UNCERTAIN, and not tried again."""

    channel = Channel.EMAIL
    practice = False
    handles_stop = False  # some relays keep lists of their own; none is to be relied on
    echoes_our_id = True  # by Message-ID, return path, or the header of rules.providers

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.connections = relay.connections
        self.beyond_loopback = not relay.on_loopback
        self._pool: SmtpPool | None = None

    @property
    def name(self) -> str:
        return f"SMTP relay {self.relay.host}:{self.relay.port}"

    def send(self, batch: Iterable[Fed], stop_at: float) -> Iterator[Outcome]:
        """As Sender.send. Once a connection can't be opened no other is tried; those there are carry on."""
        pool = self._pool = self._pool or SmtpPool(self.relay)
        try:
            yield from SmtpFlow(pool, batch, stop_at).run()
        finally:
            pool.abandon_busy()

    def check(self) -> Health:
        """Greeting, STARTTLS and login, without a message."""
        try:
            smtp = self.relay.open()
        except CannotOpen as error:
            return Health(ok=False, words=error.words, mend=error.mend)
        socket = smtp.sock
        tls = socket.version() if isinstance(socket, ssl.SSLSocket) else None
        login = ", login accepted" if self.relay.user else ""
        SmtpConnection(smtp).close()
        return Health(ok=True, words=f"answers, {tls or 'no encryption'}{login}")

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None
