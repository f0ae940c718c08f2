"""`/api/v1`: JSON for the organisation's own site, from server to server, by keys (docs/api.md).

Nothing that it answers says whether an address is known. Browsers of other sites get no leave to read its
answers: there is no CORS header, and a key belongs into no page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Mount

from dispatcher.errors import DispatchError, ListClosed, UnknownList
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases.api_keys import Holder, Scope, holder_of, note_use
from dispatcher.usecases.asked_by_site import lists_meant, take_leave
from dispatcher.usecases.joining.begin import Wish, begin
from dispatcher.usecases.joining.open_lists import offers
from dispatcher.web.api_bodies import LeaveBody, ListName, ListNames, Problem, SignUpBody, Taken
from dispatcher.web.limits import Limits, number_parts
from dispatcher.web.network import network_of
from dispatcher.web.problems import KIND, not_valid, refused, trouble

API_PATH = "/api/v1"
_SOURCE = "API"  # as the ledger has it
_WAIT = {"Retry-After": "60"}  # seconds
_BEARER = HTTPBearer(auto_error=False, description="A key made by `dispatch keys add`.")
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {KIND: {}}, "description": words}
    for status, words in {
        401: "No key, or nobody's.",
        403: "The key may not do this.",
        415: "Not JSON.",
        422: "Some fields can't be used.",
        429: "Too often: try again later.",
        503: "Our fault: try again later.",
    }.items()
}


class Api:
    """The API of one installation."""

    def __init__(self, house: House, signer: Signer, limits: Limits) -> None:
        self._house = house
        self._signer = signer
        self._limits = limits

    def routes(self) -> list[Mount]:
        """Everything under /api/v1."""
        app = FastAPI(
            title="Dispatcher",
            version="1",
            description="Sign people up, and take their leave, from a site of your own.",
            docs_url=None,  # pages with scripts from elsewhere
            redoc_url=None,
            exception_handlers={
                StarletteHTTPException: refused,
                RequestValidationError: not_valid,
                DispatchError: trouble,
                Exception: trouble,
            },
        )
        app.router.redirect_slashes = False
        for method, path, answer, scope, status in (
            ("POST", "/subscriptions", self.subscribe, Scope.SUBSCRIBE, 202),
            ("POST", "/unsubscriptions", self.unsubscribe, Scope.SUBSCRIBE, 202),
            ("GET", "/lists", self.lists, Scope.READ, 200),
        ):
            app.add_api_route(
                path,
                answer,
                methods=[method],
                status_code=status,
                responses=_PROBLEMS,
                dependencies=[Depends(self._key_with(scope)), Depends(_only_json)],
            )
        return [Mount(API_PATH, app)]

    async def subscribe(self, body: SignUpBody) -> Taken:
        """Begin a sign-up: each address gets a message that asks whether it is meant."""
        email, phone = body.email_address(), body.phone_number()
        if email and not await self._limits.allow("join", {"domain": email.domain}):
            raise HTTPException(429, "Too many addresses of this domain: try again later.", _WAIT)
        # Whose address was signed up often today is left in peace, and nobody is told.
        if email and not await self._limits.allow("join", {"address": email.normalised}):
            email = None
        if phone and not await self._limits.allow("join", number_parts(phone)):
            phone = None
        wish = Wish(
            list_ids=tuple(body.lists),
            language=body.language,
            read_in=body.read_in or body.language,
            page=body.page,
            shown=body.shown(),
            email=email,
            phone=phone,
            postal_code=body.postal_code[:5] if body.postal_code else None,
            source=_SOURCE,
        )
        try:
            await run_in_threadpool(self._begin, wish)
        except ListClosed:
            raise HTTPException(422, "One of these lists can't be joined: see GET /api/v1/lists.") from None
        return Taken()

    async def unsubscribe(self, body: LeaveBody) -> Taken:
        """Take somebody's leave, from these lists or from everything. It takes effect at once."""
        try:
            await run_in_threadpool(self._leave, body)
        except UnknownList:
            raise HTTPException(422, "One of these lists isn't there: see GET /api/v1/lists.") from None
        return Taken()

    async def lists(self) -> ListNames:
        """The lists that anybody may join, by their public names. Sensitive ones aren't among them."""
        return ListNames(lists=await run_in_threadpool(self._lists))

    def _key_with(self, scope: Scope) -> Callable[..., Awaitable[None]]:
        """What looks at the key before anything else is looked at."""

        async def look(
            request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
        ) -> None:
            holder = await run_in_threadpool(self._holder, shown.credentials if shown else "")
            if holder is None:
                whence = {"network": network_of(request, self._house.settings)}
                if not await self._limits.allow("api_refused", whence):
                    raise HTTPException(429, "Too many wrong keys.", _WAIT)
                raise HTTPException(401, "Show a key of ours.", {"WWW-Authenticate": "Bearer"})
            if scope not in holder.scopes:
                raise HTTPException(403, f"This key may not do that: it lacks the scope {scope}.")
            if not await self._limits.allow("api", {"key": str(holder.key_id)}):
                raise HTTPException(429, "Too many requests with this key.", _WAIT)

        return look

    def _holder(self, shown: str) -> Holder | None:
        today = datetime.now(UTC).date()
        with self._house.db.reading() as session:
            holder = holder_of(session, shown)
        if holder and holder.last_used != today:
            with self._house.db.transaction() as session:
                note_use(session, holder, today)
        return holder

    def _begin(self, wish: Wish) -> None:
        house = self._house
        now = house.db.now()
        with house.db.transaction() as session:
            whole = replace(wish, list_ids=lists_meant(session, wish.list_ids))
            begin(session, house.keys, self._signer, house.settings.public_url, whole, now)

    def _leave(self, body: LeaveBody) -> None:
        email, phone = body.email_address(), body.phone_number()
        compared = {Channel.EMAIL: email and email.normalised, Channel.SMS: phone and phone.e164}
        with self._house.db.transaction() as session:
            for channel, address in compared.items():
                if address:
                    key = self._house.keys.address_key(address)
                    take_leave(session, channel, key, _SOURCE, body.lists)

    def _lists(self) -> list[ListName]:
        with self._house.db.reading() as session:
            return [ListName(number=one.number, name=one.public_name) for one in offers(session)]


async def _only_json(request: Request) -> None:
    """A form of another site's page can't send this kind without being asked about it first."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind != "application/json":
        raise HTTPException(415, "Send JSON, with Content-Type: application/json.")
