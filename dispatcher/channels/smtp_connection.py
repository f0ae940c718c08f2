"""One kept-open connection to a relay, without ever waiting: it is told when its socket is ready."""

import smtplib
import ssl
import time

from dispatcher.channels.base import Outcome, Result
from dispatcher.channels.smtp_transaction import Ending, Gone, Reply, Transaction, transaction
from dispatcher.channels.smtp_wire import Offers
from dispatcher.rules.rendered import Rendered

_LONGEST_LINE = 8192  # bytes; RFC 5321 4.5.3.1.5 allows 512, servers write more
_MOST_LINES = 100
_AT_A_TIME = 65536  # bytes read from a socket
_LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class SmtpConnection:
    """Carries one message after the other: `begin`, then `readable` and `writable` until one of them ends it.

    Each of the three returns the Ending once there is one. `usable` says whether it can carry another.
    """

    def __init__(self, smtp: smtplib.SMTP) -> None:
        assert smtp.sock is not None
        self._smtp = smtp
        self.socket = smtp.sock
        self.socket.setblocking(False)
        self._offers = Offers.of(smtp)
        self._received = bytearray()
        self._lines: list[bytes] = []  # of a reply that isn't complete
        self._unwritten = memoryview(b"")
        self._talk: Transaction | None = None
        self._message: Rendered | None = None
        self._permitted = True
        self.holding = False  # the relay waits for the message, and the message for its permission
        self.kept = False  # it has been idle, so the relay may have closed it without our knowing
        self.heard_at = time.monotonic()
        self.usable = True

    @property
    def message(self) -> Rendered:
        """What it carries now, or carried last."""
        assert self._message is not None
        return self._message

    @property
    def wants_to_write(self) -> bool:
        """Whether the kernel had no room for everything."""
        return bool(self._unwritten)

    def begin(self, message: Rendered, not_after: float, *, permitted: bool = True) -> Ending | None:
        """Offer a message. Nothing of it is handed over after `not_after` (time.monotonic()), or before it is
        permitted.
        """
        self._message = message
        self._permitted = permitted
        self.heard_at = time.monotonic()
        self._talk = transaction(message, self._offers, not_after, lambda: self._permitted)
        return self._guarded(None)

    def permit(self) -> Ending | None:
        """What it carries may be handed over."""
        self._permitted = True
        self.heard_at = time.monotonic()
        return self._guarded(None) if self.holding else None

    def readable(self) -> Ending | None:
        """The socket has something to read."""
        try:
            self._receive()
        except _LATER:
            return None
        except OSError as error:
            return self.give_up(error)
        if self._talk is None:  # nobody asked it anything: it says that it closes
            self.usable = False
            return None
        return self._take_replies()

    def writable(self) -> Ending | None:
        """The socket has room again."""
        try:
            self._flush()
        except OSError as error:
            return self.give_up(error)
        return None

    def give_up(self, error: OSError) -> Ending | None:
        """The connection ended, or was silent for too long."""
        self.usable = False
        if self._talk is None:
            return None
        written = not self._unwritten
        try:
            self._talk.throw(Gone(_code_of(error), written=written))
        except StopIteration as end:
            return self._ended(end.value)
        raise AssertionError("a transaction goes on without its connection")

    def close(self) -> None:
        """Say goodbye without waiting for the answer."""
        self.usable = False
        try:
            if self._talk is None:  # in the middle of a message the word would be a part of it
                self.socket.send(b"QUIT\r\n")
        except (OSError, ValueError):  # it has gone already
            pass
        self._smtp.close()

    def _receive(self) -> None:
        """Read all that is there: TLS keeps what it has decrypted, and nobody is told again."""
        while True:
            data = self.socket.recv(_AT_A_TIME)
            if not data:
                raise ConnectionResetError
            self._received += data
            self.heard_at = time.monotonic()
            if not isinstance(self.socket, ssl.SSLSocket) or not self.socket.pending():
                return

    def _take_replies(self) -> Ending | None:
        while self._talk is not None:
            try:
                reply = self._next_reply()
            except OSError as error:
                return self.give_up(error)
            if reply is None:
                return None
            ending = self._guarded(reply)
            if ending is not None:
                return ending
        return None

    def _next_reply(self) -> Reply | None:
        """The next whole reply of those received; ConnectionResetError when it is none."""
        while (end := self._received.find(b"\n")) >= 0:
            line = bytes(self._received[: end + 1])
            del self._received[: end + 1]
            self._lines.append(line[4:])
            if len(line) > _LONGEST_LINE or len(self._lines) > _MOST_LINES:
                raise ConnectionResetError
            if line[3:4] != b"-":
                return self._reply(line[:3])
        if len(self._received) > _LONGEST_LINE:
            raise ConnectionResetError
        return None

    def _reply(self, code: bytes) -> Reply:
        text = b"".join(self._lines).decode("utf-8", "replace")
        self._lines.clear()
        if not code.isdigit():
            raise ConnectionResetError
        return Reply(int(code), text, early=self.wants_to_write)

    def _guarded(self, reply: Reply | None) -> Ending | None:
        """Go on; a fault of ours on the way leaves this one message in doubt, and no other."""
        assert self._talk is not None
        try:
            data = self._talk.send(reply)
            self.holding = data is None
            if data:
                self._unwritten = memoryview(bytes(self._unwritten) + data if self._unwritten else data)
                self._flush()
            return None
        except StopIteration as end:
            return self._ended(end.value)
        except OSError as error:
            return self.give_up(error)
        except Exception as error:  # noqa: BLE001 - nobody knows whether it was taken
            fault = Outcome(self.message.message_id, Result.UNCERTAIN, f"fault {type(error).__name__}")
            return self._ended(Ending(fault, usable=False))

    def _flush(self) -> None:
        """Write as much as the kernel takes now."""
        try:
            while self._unwritten:
                self._unwritten = self._unwritten[self.socket.send(self._unwritten) :]
                self.heard_at = time.monotonic()
        except _LATER:
            pass

    def _ended(self, ending: Ending) -> Ending:
        self._talk = None
        self._unwritten = memoryview(b"")
        self.usable = self.usable and ending.usable
        return ending


def _code_of(error: OSError) -> str:
    return "timeout" if isinstance(error, TimeoutError) else "connection lost"
