"""`/lost`: "we send you your link". The answer is the same, and as fast, whoever's the address is."""

from datetime import UTC, datetime
from functools import partial

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.db import check_schema
from dispatcher.errors import InvalidAddress
from dispatcher.house import House
from dispatcher.tokens import Signer
from dispatcher.usecases.managing.links import send_link
from dispatcher.web.forms import read_form
from dispatcher.web.limits import Limits
from dispatcher.web.network import network_of
from dispatcher.web.pages import Pages

LOST_PATH = "/lost"
_LIMIT = "lost"
_WAIT = "3600"  # seconds: by then a network may ask again
_LONGEST = 254  # characters of an address (RFC 5321, section 4.5.3.1)


class Lost:
    """Answers first, and looks afterwards whose address it is."""

    def __init__(self, house: House, signer: Signer, pages: Pages, limits: Limits) -> None:
        self._house = house
        self._signer = signer
        self._pages = pages
        self._limits = limits

    def routes(self) -> list[Route]:
        """GET shows the form, POST sends a link."""
        return [
            Route(LOST_PATH, self.ask, methods=["GET"]),
            Route(LOST_PATH, self.take, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The form."""
        return self._pages.page(request, "lost", action=request.url.path, wrong=False, value="")

    async def take(self, request: Request) -> Response:
        """Say that a link is on its way to an address that we know. Raises LimiterUnavailable: 503."""
        address = (await read_form(request)).get("address", [""])[0].strip()[:_LONGEST]
        try:
            parts = _parts(address)
        except InvalidAddress:
            return self._pages.page(
                request, "lost", status=422, action=request.url.path, wrong=True, value=address
            )
        parts |= {"network": network_of(request, self._house.settings)}
        if not await self._limits.allow(_LIMIT, parts):
            answer = self._pages.page(request, "lost_busy", status=429)
            answer.headers["Retry-After"] = _WAIT
            return answer
        await run_in_threadpool(check_schema, self._house.db)  # out of order: they are told now, by a 503
        answer = self._pages.page(request, "lost_sent")
        answer.background = BackgroundTask(run_in_threadpool, partial(self._send, address))
        return answer

    def _send(self, address: str) -> None:
        settings = self._house.settings
        with self._house.db.transaction() as session:
            send_link(
                session, self._house.keys, self._signer, settings.public_url, address, datetime.now(UTC)
            )


def _parts(address: str) -> dict[str, str]:
    """What the limits count an address by. Raises InvalidAddress."""
    if "@" in address:
        email = parse_email(address)
        return {"address": email.normalised, "domain": email.domain}
    return {"address": parse_phone(address).e164}
