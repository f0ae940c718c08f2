"""How long a connection may keep the site waiting: uvicorn itself would wait for a request's head for
ever.
"""

from asyncio import BaseTransport, TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 10.0  # seconds from the connection, or the last answer, to the end of a request's head
ANSWERED_WITHIN = 120.0  # seconds for all of it: the body, our answer, and the client's taking it
MOST_CONNECTIONS = 500  # at once in a process; beyond it the answer is 503


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with an end to patience, against clients that hold connections open by a byte now and then."""

    head_within = HEAD_WITHIN
    answered_within = ANSWERED_WITHIN

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._patience: TimerHandle | None = None
        self._begun: object = None  # the request that the patience is for

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, Transport)
        super().connection_made(transport)
        self._wait(self.head_within)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._note_request()

    def on_response_complete(self) -> None:
        self._wait(self.head_within)
        super().on_response_complete()
        self._note_request()  # one that came together with the last

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_patience()
        super().connection_lost(exc)

    def _note_request(self) -> None:
        cycle = self.cycle
        if cycle is not self._begun and not cycle.response_complete:
            self._begun = cycle
            self._wait(self.answered_within)

    def _wait(self, seconds: float) -> None:
        self._end_patience()
        self._patience = self.loop.call_later(seconds, self.transport.abort)

    def _end_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
