"""The connections of one process to one relay, and the waiting for all of them at once."""

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from queue import SimpleQueue

from dispatcher.channels.smtp_connection import SmtpConnection
from dispatcher.channels.smtp_relay import CannotOpen, Relay
from dispatcher.channels.smtp_transaction import Ending

_LOOK_EVERY = 0.25  # seconds between looks for relays that have become silent


class SmtpPool:
    """Opens connections (each in a thread, for as long as that takes), keeps them, and waits for them."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self.width = relay.connections
        self._selector = selectors.DefaultSelector()
        self._bell, self._rope = socket.socketpair()  # pulled by a thread that has opened a connection
        self._bell.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._opened: SimpleQueue[SmtpConnection | CannotOpen] = SimpleQueue()
        self._idle: list[SmtpConnection] = []
        self._busy: set[SmtpConnection] = set()
        self._looked_at = 0.0
        self.opening = 0

    @property
    def alive(self) -> int:
        """Connections that are there, or about to be."""
        return len(self._idle) + len(self._busy) + self.opening

    @property
    def full(self) -> bool:
        """Whether the relay is to get no more connections from us."""
        return self.alive >= self.width

    @property
    def busy(self) -> int:
        """Connections that carry a message."""
        return len(self._busy)

    def open_another(self) -> None:
        """Begin to open a connection; `ready` tells how it went."""
        self.opening += 1
        threading.Thread(target=self._open, name="smtp open", daemon=True).start()

    def take(self, *, fresh: bool = False) -> SmtpConnection | None:
        """A connection that is free, if there is one; a `fresh` one has just been opened."""
        for connection in reversed(self._idle):
            if not fresh or not connection.kept:
                self._idle.remove(connection)
                self._busy.add(connection)
                return connection
        return None

    def watch(self, connection: SmtpConnection) -> None:
        """Have `ready` look for room in its socket as well, while there is something left to write."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.wants_to_write else 0)
        if self._selector.get_key(connection.socket).events != events:
            self._selector.modify(connection.socket, events, connection)

    def put_back(self, connection: SmtpConnection) -> None:
        """It has carried its message: keep it for the next, or forget it."""
        self._busy.discard(connection)
        if connection.usable:
            connection.kept = True
            self.watch(connection)
            self._idle.append(connection)
        else:
            self._forget(connection)

    def look_over(self) -> None:
        """Find what the relay has closed since the last batch."""
        for connection in self._idle:
            connection.kept = True
        for _ in self.ready(0.0):  # nothing is under way, so nothing has ended
            pass

    def ready(self, seconds: float) -> Iterator[tuple[SmtpConnection, Ending] | CannotOpen]:
        """Wait so long at most; what has ended meanwhile, and why a connection couldn't be opened."""
        for key, events in self._selector.select(min(seconds, _LOOK_EVERY)):
            if key.data is None:
                yield from self._newly_opened()
                continue
            connection: SmtpConnection = key.data
            ending = connection.writable() if events & selectors.EVENT_WRITE else None
            if ending is None and events & selectors.EVENT_READ:
                ending = connection.readable()
            if ending is not None:
                yield connection, ending
            elif connection.usable:
                self.watch(connection)
            else:  # an idle one that the relay has closed
                self._idle.remove(connection)
                self._forget(connection)
        yield from self._silent()

    def abandon(self, connection: SmtpConnection) -> None:
        """Close one that carries a message: there is no other way to not send what was announced."""
        connection.usable = False
        self.put_back(connection)

    def abandon_busy(self) -> None:
        """Close whatever carries a message: nobody will read its answer."""
        for connection in list(self._busy):
            self.abandon(connection)

    def close(self) -> None:
        """Close every connection."""
        self.abandon_busy()
        while self.opening:
            self._wait_for_one()
        while self._idle:
            self._forget(self._idle.pop())
        self._selector.close()
        self._bell.close()
        self._rope.close()

    def _open(self) -> None:
        try:
            self._opened.put(SmtpConnection(self._relay.open()))
        except CannotOpen as error:
            self._opened.put(error)
        with contextlib.suppress(OSError):  # closed: nobody waits for it any more
            self._rope.send(b".")

    def _wait_for_one(self) -> None:
        opened = self._opened.get()
        self.opening -= 1
        if isinstance(opened, SmtpConnection):
            opened.close()

    def _newly_opened(self) -> Iterator[CannotOpen]:
        self._bell.recv(4096)
        while not self._opened.empty():
            opened = self._opened.get()
            self.opening -= 1
            if isinstance(opened, CannotOpen):
                yield opened
            else:
                self._selector.register(opened.socket, selectors.EVENT_READ, opened)
                self._idle.append(opened)

    def _silent(self) -> Iterator[tuple[SmtpConnection, Ending]]:
        now = time.monotonic()
        if now - self._looked_at < _LOOK_EVERY:
            return
        self._looked_at = now
        for connection in list(self._busy):
            if now - connection.heard_at > self._relay.timeout and not connection.holding:
                ending = connection.readable()  # we may have been the ones who stood still
                if ending is None and now - connection.heard_at > self._relay.timeout:
                    ending = connection.give_up(TimeoutError())
                if ending is not None:
                    yield connection, ending

    def _forget(self, connection: SmtpConnection) -> None:
        self._selector.unregister(connection.socket)
        connection.close()
