"""`/l/{token}`: GET shows one button and changes nothing, POST leaves (RFC 8058 and the button alike)."""

from datetime import UTC, datetime
from functools import partial

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dispatcher.content.edition import Organisation
from dispatcher.house import House
from dispatcher.tokens import LEAVE_PATH, LeaveToken, Signer
from dispatcher.usecases.leave import BY_PAGE, ONE_CLICK, LeaveView, leave_by_link, view
from dispatcher.usecases.leave_everything import leave_everything
from dispatcher.usecases.managing.links import send_link_to
from dispatcher.web.pages import Pages


class Leaving:
    """Whoever holds a link may leave with it: no cookie, no login, no question why."""

    def __init__(self, house: House, signer: Signer, pages: Pages, organisation: Organisation) -> None:
        self._house = house
        self._signer = signer
        self._pages = pages
        self._organisation = organisation

    def routes(self) -> list[Route]:
        """GET asks, POST leaves; everything, if that is what they want; or has a fresh link sent to them."""
        path = LEAVE_PATH + "{token}"
        return [
            Route(path, self.ask, methods=["GET"]),
            Route(path, self.leave, methods=["POST"]),
            Route(path + "/everything", self.leave_everything, methods=["POST"]),
            Route(path + "/choose", self.send_link, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page with the button. Scanners and previews open links: nothing happens here."""
        token = self._token(request)
        seen = await run_in_threadpool(self._view, token)
        return self._page(request, "leave", seen)

    async def leave(self, request: Request) -> Response:
        """Leave, and say plainly what was left. Repeating it is harmless."""
        token = self._token(request)
        body = await request.body()
        one_click = b"List-Unsubscribe" in body and b"One-Click" in body  # as a form's field or in multipart
        seen = await run_in_threadpool(self._leave, token, ONE_CLICK if one_click else BY_PAGE)
        if one_click:
            return PlainTextResponse("Done.\n")  # a mail provider reads this
        return self._page(request, "left", seen)

    async def leave_everything(self, request: Request) -> Response:
        """Every list on both channels. Whoever has a message of ours may end them all."""
        token = self._token(request)
        reader = await run_in_threadpool(self._leave_everything, token)
        return self._pages.page(request, "everything_left", reader=reader)

    async def send_link(self, request: Request) -> Response:
        """Send a fresh link to the person of this one: it may show and change what a message's link can't."""
        token = self._token(request)
        seen = await run_in_threadpool(self._view, token)
        answer = self._pages.page(request, "lost_sent", reader=seen.language)
        answer.background = BackgroundTask(run_in_threadpool, partial(self._send_link, token))
        return answer

    def _token(self, request: Request) -> LeaveToken:
        """Raises BadToken, for which the site has one page."""
        return self._signer.read_leave_token(request.path_params["token"])

    def _view(self, token: LeaveToken) -> LeaveView:
        with self._house.db.reading() as session:
            return view(session, token)

    def _leave(self, token: LeaveToken, source: str) -> LeaveView:
        with self._house.db.transaction() as session:
            leave_by_link(session, token, source)
            return view(session, token)

    def _leave_everything(self, token: LeaveToken) -> str | None:
        with self._house.db.transaction() as session:
            leave_everything(session, token.subscriber_id, BY_PAGE)
            return view(session, token).language

    def _send_link(self, token: LeaveToken) -> None:
        house, now = self._house, datetime.now(UTC)
        with house.db.transaction() as session:
            send_link_to(
                session,
                house.keys,
                self._signer,
                house.settings.public_url,
                token.subscriber_id,
                token.channel,
                now,
            )

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
