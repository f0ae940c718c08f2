"""What every request passes, limits to size, time and origin, and what every answer carries: caution."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import ExitStack

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatcher.rules.urls import ServiceUrl

LARGEST_BODY = 64 * 1024  # bytes; Twilio's texts take about 2 KB
_MOST_LARGER = 16  # larger ones at once, where they are allowed: memory isn't a stranger's to fill

_CAUTION = {
    # Nothing from elsewhere, no script at all, in no frame; forms come back to us.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # addresses of pages hold tokens
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
_SAFE = {"GET", "HEAD", "OPTIONS"}  # RFC 9110, section 9.2.1
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=63072000"}


class CautionHeaders:
    """Adds the headers to every answer; what an answer says itself stays."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = _CAUTION | (_HTTPS_ONLY if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Reads a request's body before the app does: one that is too big or too slow never reaches it."""

    def __init__(
        self, app: ASGIApp, *, within: float = 10.0, larger: Mapping[str, int] | None = None
    ) -> None:
        """`within`: seconds that a body may take. `larger`: the bytes that it may have, by path."""
        self._app = app
        self._within = within
        self._larger = larger or {}
        self._larger_now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with ExitStack() as held:
            try:
                async with asyncio.timeout(self._within):
                    body = await self._read(receive, self._larger.get(scope["path"], LARGEST_BODY), held)
            except TimeoutError:
                body = PlainTextResponse("The request took too long.\n", 408)
            if isinstance(body, Response):
                await body(scope, receive, send)
            else:
                await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive, limit: int, held: ExitStack) -> list[Message] | Response:
        """The messages of one body, or why it isn't taken. `held`: what is given back once it is answered."""
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            before, size = size, size + len(message.get("body", b""))
            if size > limit:
                return PlainTextResponse("The request is too big.\n", 413)
            if before <= LARGEST_BODY < size and not self._has_room(held):
                return PlainTextResponse("There is too much to read.\n", 503, {"Retry-After": "10"})
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return messages

    def _has_room(self, held: ExitStack) -> bool:
        if self._larger_now >= _MOST_LARGER:
            return False
        self._larger_now += 1
        held.callback(self._give_back)
        return True

    def _give_back(self) -> None:
        self._larger_now -= 1


class OwnFormsOnly:
    """Refuses a form that another site has a browser send here. We keep no cookie that such a form could
    borrow; but what a person does here must be what they saw here.

    As in Go's net/http CrossOriginProtection: browsers say it in Sec-Fetch-Site, older ones in Origin. A
    request without either is no browser's. `Origin: null` is what our own pages make older browsers send,
    since they tell no referrer (Fetch standard, section 3.2).
    """

    def __init__(self, app: ASGIApp, *, public: ServiceUrl, exempt: tuple[str, ...]) -> None:
        """`exempt`: what paths begin with that programs post to (one-click, the API, providers)."""
        self._app = app
        port = None if public.port == {"https": 443, "http": 80}[public.scheme] else public.port
        self._origin = str(ServiceUrl(public.scheme, host=public.host, port=port)).lower()
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and not self._is_ours(scope):
            words = "This form was sent from another site. Open the page here, and send it again.\n"
            await PlainTextResponse(words, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        if scope["path"].startswith(self._exempt):
            return True
        headers = Headers(scope=scope)
        if site := headers.get("sec-fetch-site"):
            return site in {"same-origin", "none"}
        return headers.get("origin", "null").lower() in {"null", self._origin}


def _replay(messages: Iterable[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def next_message() -> Message:
        for message in waiting:
            return message
        return await receive()

    return next_message
