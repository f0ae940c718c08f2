"""`POST /callbacks/{provider}`: what providers tell of our messages: proved, written down, then answered.

It is acted upon later, by workers: a provider that waits for that calls again.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dispatcher.callbacks.base import LONGEST_BODY, RawRequest, Receiver, Verdict, path_of
from dispatcher.house import House
from dispatcher.rules.events import Event
from dispatcher.web.event_book import EventBook

_QUICK = 64 * 1024  # bytes of a body that is read in less time than another thread takes to begin
_HEADERS: Mapping[Verdict, Mapping[str, str]] = {
    Verdict.ANONYMOUS: {"WWW-Authenticate": 'Basic realm="callbacks"'},  # RFC 7617
    Verdict.BUSY: {"Retry-After": "10"},
}

CALLBACKS_PATH = path_of("")


class Callbacks:
    """Believes nobody before the proof, and says no more than it must."""

    def __init__(self, house: House, receivers: Mapping[str, Receiver]) -> None:
        """`receivers` are those that are set up, by name."""
        self._public_url = house.settings.public_url
        self._receivers = receivers
        self._book = EventBook(house)

    def routes(self) -> list[Route]:
        """`POST /callbacks/{provider}`."""
        return [Route(CALLBACKS_PATH + "{provider}", self.take, methods=["POST"])]

    @property
    def longest_bodies(self) -> Mapping[str, int]:
        """The bytes that may be sent to each path: only to those that somebody listens at."""
        return {receiver.path: LONGEST_BODY for receiver in self._receivers.values()}

    async def take(self, request: Request) -> Response:
        """Prove a call, and keep what it tells."""
        receiver = self._receivers.get(request.path_params["provider"])
        if receiver is None:
            return PlainTextResponse("Nobody is set up to call here.\n", 404)
        call = self._call(request, receiver, await request.body())
        if receiver.fetches or len(call.body) > _QUICK:
            verdict, events = await run_in_threadpool(_hear, receiver, call)
        else:
            verdict, events = _hear(receiver, call)
        if events:
            verdict = await self._book.keep(events, once=receiver.signs_token_only)
        words = "" if verdict is Verdict.GENUINE else f"{verdict}\n"
        return PlainTextResponse(words, verdict.status, _HEADERS.get(verdict))

    def _call(self, request: Request, receiver: Receiver, body: bytes) -> RawRequest:
        """The address is made of our settings: what a request says of its host, anybody may have written."""
        query = request.scope["query_string"].decode("latin-1")
        url = f"{self._public_url}{receiver.path}{'?' if query else ''}{query}"
        return RawRequest(request.method, url, dict(request.headers), body, datetime.now(UTC))


def _hear(receiver: Receiver, call: RawRequest) -> tuple[Verdict, list[Event]]:
    verdict = receiver.verify(call)
    return verdict, receiver.read(call) if verdict is Verdict.GENUINE else []
