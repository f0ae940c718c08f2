"""An SMTP server on loopback that does exactly what a script says, byte for byte: for faults of the protocol
that no decent server commits.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Script = Callable[["Wire"], None]
_PATIENCE = 10  # seconds that a script waits for the other side


class HungUp(AssertionError):
    """The other side hung up in the middle of a message."""


class Wire:
    """The server's end of one connection."""

    def __init__(self, end: socket.socket, journal: list[bytes]) -> None:
        self._end = end
        self._lines = end.makefile("rb")
        self._journal = journal

    def say(self, *lines: str) -> None:
        """Send lines, all in one write."""
        self._end.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self) -> str:
        """The next line, without its end; "" when the other side has gone."""
        return self._lines.readline().decode().rstrip("\r\n")

    def greet(self, *extensions: str) -> None:
        """Greeting and EHLO, offering `extensions`."""
        self.say("220 broken.test ESMTP")
        assert self.hear().upper().startswith("EHLO")
        names = ["broken.test", *extensions]
        self.say(*(f"250-{name}" for name in names[:-1]), f"250 {names[-1]}")

    def agree_to_send(self) -> None:
        """MAIL, RCPT and DATA, each answered."""
        for command, reply in (("MAIL", "250 Ok"), ("RCPT", "250 Ok"), ("DATA", "354 Go on")):
            assert self.hear().startswith(command)
            self.say(reply)

    def take_message(self) -> None:
        """Read a message to its final dot and keep it: the server has taken it, whatever it answers."""
        lines = []
        while (line := self._lines.readline()) != b".\r\n":
            if not line:
                raise HungUp
            lines.append(line)
        self._journal.append(b"".join(lines))

    def take_part(self, lines: int) -> None:
        """Read the first lines of a message."""
        for _ in range(lines):
            self._lines.readline()

    def wait_until_gone(self) -> None:
        """Say nothing until the other side hangs up."""
        while self._lines.readline():
            pass

    def hang_up(self) -> None:
        self._lines.close()
        self._end.close()


class BrokenSmtp:
    """`with BrokenSmtp(script, ...) as server:`: each connection runs the next script, later ones the last.

    `taken` are the messages that were read to their final dot. A script that fails makes the test fail.
    """

    def __init__(self, *scripts: Script) -> None:
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._ends: list[socket.socket] = []
        self._over = False
        self.port: int = self._listener.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.taken: list[bytes] = []
        self.connections = 0
        self.failures: list[BaseException] = []

    def __enter__(self) -> Self:
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        for end in (self._listener, *self._ends):
            with contextlib.suppress(OSError):  # closed by its script
                end.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in (self._accepting, *self._threads):
            thread.join(_PATIENCE)
        if error is None and self.failures:
            raise self.failures[0]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed at the end
            while True:
                end, _ = self._listener.accept()
                end.settimeout(_PATIENCE)
                self._ends.append(end)
                script = self._scripts[min(self.connections, len(self._scripts) - 1)]
                self.connections += 1
                thread = threading.Thread(target=self._run, args=(script, end), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _run(self, script: Script, end: socket.socket) -> None:
        wire = Wire(end, self.taken)
        try:
            script(wire)
        except (OSError, ValueError):  # the other side hung up, or the wire was closed by the script
            pass
        except AssertionError as error:
            if not self._over:
                self.failures.append(error)
        finally:
            wire.hang_up()


def behave(wire: Wire, *extensions: str) -> None:
    """Take every message, properly."""
    wire.greet(*extensions)
    while (command := wire.hear()) not in {"", "QUIT"}:
        if command == "DATA":
            wire.say("354 Go on")
            wire.take_message()
        wire.say("250 Ok")


def behave_until_left(wire: Wire) -> None:
    """Take every message, properly; whoever has lost interest may go in the middle of one."""
    with contextlib.suppress(HungUp):
        behave(wire)


def drop_after_the_final_dot(wire: Wire) -> None:
    """Take the message and hang up before the 250."""
    wire.greet()
    wire.agree_to_send()
    wire.take_message()


def never_answer_after_the_final_dot(wire: Wire) -> None:
    """Take the message and stay silent."""
    drop_after_the_final_dot(wire)
    wire.wait_until_gone()


def drop_in_the_middle(wire: Wire) -> None:
    """Hang up while the message is being sent."""
    wire.greet()
    wire.agree_to_send()
    wire.take_part(lines=1)


def drop_at_data(wire: Wire) -> None:
    """Hang up instead of asking for the message."""
    wire.greet()
    for command in ("MAIL", "RCPT"):
        assert wire.hear().startswith(command)
        wire.say("250 Ok")
    wire.hear()


def never_greet(wire: Wire) -> None:
    """Accept the connection and say nothing."""
    wire.wait_until_gone()
