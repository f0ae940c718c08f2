"""An SMTP relay that is a process of its own: fast, and it writes down what it took before it says so.

Run as `python relay_server.py JOURNAL DELAY HOST`. Prints its port, and ends when its standard input does, so
that it never outlives its owner. A line of the journal is a message that was read to its final dot: when (a
reading of time.monotonic()), its Message-ID and its recipient.

DELAY is how many seconds pass between the final dot and the answer. What becomes of a message is written in
its recipient's domain: at `refused.example` nobody is known, and the first message to somebody at
`dropped.example` is taken without an answer: the connection ends instead.
"""

import asyncio
import contextlib
import os
import re
import sys
import time
from pathlib import Path

_MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.IGNORECASE | re.MULTILINE)
_MAILBOX = re.compile(rb"<([^>]*)>")
_END = b"\r\n.\r\n"


class Journal:
    """The file, and who was left without an answer once."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._left: set[bytes] = set()
        self.taken = 0

    def take(self, recipient: bytes, message: bytes) -> None:
        """Write one message down."""
        found = _MESSAGE_ID.search(message)
        name = found.group(1) if found else b"?"
        os.write(self._file, b"%.6f %s %s\n" % (time.monotonic(), name, recipient))
        self.taken += 1

    def leaves(self, recipient: bytes) -> bool:
        """Whether this is the message that gets no answer."""
        if not recipient.endswith(b"@dropped.example") or recipient in self._left:
            return False
        self._left.add(recipient)
        return True


class Conversation(asyncio.Protocol):
    """One connection. It may be written ahead of our answers (RFC 2920); they keep their order."""

    transport: asyncio.Transport

    def __init__(self, journal: Journal, delay: float) -> None:
        self._journal = journal
        self._delay = delay
        self._unread = b""
        self._recipient = b""
        self._in_message = False
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._say(b"220 relay.test ESMTP")

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._go_on()

    def _go_on(self) -> None:
        while not self._waiting and (self._message() if self._in_message else self._command()):
            pass

    def _command(self) -> bool:
        line, ended, rest = self._unread.partition(b"\r\n")
        if not ended:
            return False
        self._unread = rest
        match line[:4].upper():
            case b"EHLO":
                self._say(b"250-relay.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8")
            case b"RCPT":
                self._offered(line)
            case b"DATA":
                self._in_message = bool(self._recipient)
                self._say(b"354 Go on" if self._recipient else b"503 5.5.1 Nobody to send it to")
            case b"QUIT":
                self._say(b"221 2.0.0 Bye")
                self.transport.close()
            case _:  # MAIL, RSET, NOOP
                self._recipient = b""
                self._say(b"250 2.0.0 Ok")
        return True

    def _offered(self, line: bytes) -> None:
        found = _MAILBOX.search(line)
        recipient = found.group(1) if found else b""
        if recipient.endswith(b"@refused.example"):
            self._say(b"550 5.1.1 No such user here")
            return
        self._recipient = recipient
        self._say(b"250 2.1.5 Ok")

    def _message(self) -> bool:
        end = -2 if self._unread.startswith(_END[2:]) else self._unread.find(_END)
        if end == -1:
            return False
        message, self._unread = self._unread[: max(0, end)], self._unread[end + len(_END) :]
        recipient, self._recipient, self._in_message = self._recipient, b"", False
        self._journal.take(recipient, message)
        if self._journal.leaves(recipient):
            self.transport.abort()
            return False
        self._waiting = True
        asyncio.get_running_loop().call_later(self._delay, self._answer, self._journal.taken)
        return True

    def _answer(self, number: int) -> None:
        self._waiting = False
        self._say(b"250 2.0.0 Ok: queued as R%07d" % number)
        self._go_on()

    def _say(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer + b"\r\n")


async def serve(journal: Journal, delay: float, host: str) -> None:
    """Listen on a free port of `host` until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(journal, delay), host, 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - its owner reads it
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Journal(Path(sys.argv[1])), float(sys.argv[2]), sys.argv[3]))
