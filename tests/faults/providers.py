"""The providers of a scene, and their journals, which are the oracle of every verdict."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from fakes.twilio import TwilioServer

_ENDS_WITHIN = 10  # seconds


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the provider has."""

    at: float  # a reading of time.monotonic(), the same clock in every process
    recipient: str
    name: str  # its Message-ID without angle brackets, or Twilio's SID
    message_id: int | None  # our number, which a Message-ID begins with; a text says none


class Provider(Protocol):
    connections: int  # how many messages a process may have on their way at once

    @property
    def url(self) -> str:
        """What the channel's setting is."""
        ...

    def taken(self) -> list[Taken]:
        """Everything that it ever took, in order."""
        ...


class Relay:
    """An SMTP relay in a process of its own; each connection has a message answered after `delay` seconds."""

    def __init__(self, journal: Path, delay: float, connections: int, host: str) -> None:
        self.connections = connections
        self._journal = journal
        self._delay = delay
        self._host = host

    def __enter__(self) -> Self:
        self._journal.touch()
        server = str(Path(__file__).with_name("relay_server.py"))
        self._process = subprocess.Popen(
            [sys.executable, server, str(self._journal), str(self._delay), self._host],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the workers of a scene
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=_ENDS_WITHIN)

    @property
    def url(self) -> str:
        return f"smtp://{self._host}:{self._port}?connections={self.connections}&starttls=no"

    def taken(self) -> list[Taken]:
        lines = (line.split() for line in self._journal.read_text().splitlines())
        return [Taken(float(at), to, name, int(name.partition(".")[0])) for at, name, to in lines]


class TextProvider:
    """The fake Twilio, seen as the provider of a scene."""

    def __init__(self, server: TwilioServer, connections: int) -> None:
        self.connections = connections
        self._server = server

    @property
    def url(self) -> str:
        return f"{self._server.url}&connections={self.connections}"

    def taken(self) -> list[Taken]:
        return [Taken(text.at, text.to, text.sid, None) for text in list(self._server.texts)]
