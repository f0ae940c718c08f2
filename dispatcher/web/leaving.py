"""`/l/{token}`: GET shows one button and changes nothing, POST leaves (RFC 8058 and the button alike)."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dispatcher.content.edition import Organisation
from dispatcher.errors import BadToken
from dispatcher.house import House
from dispatcher.tokens import LEAVE_PATH, LeaveToken, Signer
from dispatcher.usecases.leave import LeaveView, leave_by_link, view
from dispatcher.web.pages import Pages

ONE_CLICK, BY_PAGE = "one-click", "leave page"  # as the ledger has them


class Leaving:
    """Whoever holds a link may leave with it: no cookie, no login, no question why."""

    def __init__(self, house: House, signer: Signer, pages: Pages, organisation: Organisation) -> None:
        self._house = house
        self._signer = signer
        self._pages = pages
        self._organisation = organisation

    def routes(self) -> list[Route]:
        """GET asks, POST leaves."""
        path = LEAVE_PATH + "{token}"
        return [Route(path, self.ask, methods=["GET"]), Route(path, self.leave, methods=["POST"])]

    async def ask(self, request: Request) -> Response:
        """The page with the button. Scanners and previews open links: nothing happens here."""
        try:
            token = self._token(request)
        except BadToken:
            return self._broken(request)
        seen = await run_in_threadpool(self._view, token)
        return self._page(request, "leave", seen)

    async def leave(self, request: Request) -> Response:
        """Leave, and say plainly what was left. Repeating it is harmless."""
        try:
            token = self._token(request)
        except BadToken:
            return self._broken(request)
        body = await request.body()
        one_click = b"List-Unsubscribe" in body and b"One-Click" in body  # as a form's field or in multipart
        seen = await run_in_threadpool(self._leave, token, ONE_CLICK if one_click else BY_PAGE)
        if one_click:
            return PlainTextResponse("Done.\n")  # a mail provider reads this
        return self._page(request, "left", seen)

    def _token(self, request: Request) -> LeaveToken:
        return self._signer.read_leave_token(request.path_params["token"])

    def _view(self, token: LeaveToken) -> LeaveView:
        with self._house.db.reading() as session:
            return view(session, token)

    def _leave(self, token: LeaveToken, source: str) -> LeaveView:
        with self._house.db.transaction() as session:
            leave_by_link(session, token, source)
            return view(session, token)

    def _page(self, request: Request, name: str, seen: LeaveView) -> Response:
        lists = ", ".join(seen.list_names) or self._organisation.from_name
        return self._pages.page(
            request,
            name,
            reader=seen.language,
            channel=str(seen.channel),
            lists=lists,
            path=request.url.path,
        )

    def _broken(self, request: Request) -> Response:
        """The same for every link that isn't right: nothing is said of whom we know."""
        return self._pages.page(request, "broken", status=404)
