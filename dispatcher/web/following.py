"""`/k/{token}`: our own link in a message leads on to where its edition says, and to nowhere else."""

import base64
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dispatcher.errors import BadToken
from dispatcher.house import House
from dispatcher.models import ShortLink
from dispatcher.rules.visits import PICTURE
from dispatcher.tokens import SHORT_PATH, Signer
from dispatcher.usecases.clicks.recording import Opened
from dispatcher.usecases.short_links import destination
from dispatcher.web.pages import Pages
from dispatcher.web.visit_book import VisitBook
from dispatcher.web.visitors import visitor_behind

_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")  # GIF, transparent


class Following:
    """Whoever opens a link is sent on. No cookie, and neither their address nor their program is kept."""

    def __init__(self, house: House, signer: Signer, pages: Pages, book: VisitBook) -> None:
        self._house = house
        self._signer = signer
        self._pages = pages
        self._book = book

    def routes(self) -> list[Route]:
        """`GET /k/{token}`; behind it which message the link stands in, where that may be known."""
        return [
            Route(SHORT_PATH + "{token}", self.go, methods=["GET"]),
            Route(SHORT_PATH + "{token}/{code}", self.go, methods=["GET"]),
        ]

    async def go(self, request: Request) -> Response:
        """On to the link's page; one that isn't ours gets the page for broken ones."""
        link = await run_in_threadpool(self._link, request.path_params["token"])
        if link is None:
            return self._pages.page(request, "broken", status=404)
        message_id = self._message(request.path_params.get("code"))
        visitor = visitor_behind(request, picture=link.place == PICTURE)
        self._book.note(Opened(link.id, visitor, datetime.now(UTC), message_id))
        if link.place == PICTURE:
            return Response(_PIXEL, media_type="image/gif")
        return RedirectResponse(link.url, status_code=302)

    def _link(self, token: str) -> ShortLink | None:
        try:
            with self._house.db.reading() as session:
                return destination(session, self._signer, token)
        except BadToken:
            return None

    def _message(self, code: str | None) -> int | None:
        """The message that a link stands in; none for a code that isn't ours: the link itself is as good."""
        try:
            return self._signer.read_visitor_code(code) if code else None
        except BadToken:
            return None
