"""`/k/{token}`: a short link in a text leads on to the page of its campaign, and to nowhere else."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dispatcher.errors import BadToken
from dispatcher.house import House
from dispatcher.tokens import SHORT_PATH, Signer
from dispatcher.usecases.short_links import destination
from dispatcher.web.pages import Pages


class Following:
    """Whoever opens a link is sent on; no cookie, and nothing is kept of them."""

    def __init__(self, house: House, signer: Signer, pages: Pages) -> None:
        self._house = house
        self._signer = signer
        self._pages = pages

    def routes(self) -> list[Route]:
        """`GET /k/{token}`."""
        return [Route(SHORT_PATH + "{token}", self.go, methods=["GET"])]

    async def go(self, request: Request) -> Response:
        """On to the campaign's page; a link that isn't ours gets the page for broken ones."""
        url = await run_in_threadpool(self._url, request.path_params["token"])
        if url is None:
            return self._pages.page(request, "broken", status=404)
        return RedirectResponse(url, status_code=302)

    def _url(self, token: str) -> str | None:
        try:
            with self._house.db.reading() as session:
                link = destination(session, self._signer, token)
        except BadToken:
            return None
        return link.url if link else None
