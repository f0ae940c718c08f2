"""`/api/v1`: JSON for the organisation's own site, from server to server, by keys (docs/api.md).

Nothing that it answers says whether an address is known, but to keys whose scope that is. Browsers of other
sites get no leave to read its answers: there is no CORS header, and a key belongs into no page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
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
from dispatcher.usecases.acting.taking import Refused, take_rows
from dispatcher.usecases.api_keys import Scope
from dispatcher.usecases.asked_by_site import lists_meant, take_leave
from dispatcher.usecases.joining.begin import Wish, begin
from dispatcher.usecases.joining.open_lists import offers
from dispatcher.web.api_bodies import (
    ActionProblem,
    ActionsBody,
    ActionsTaken,
    LeaveBody,
    ListName,
    ListNames,
    Problem,
    SignUpBody,
    Taken,
)
from dispatcher.web.api_reading import Reading
from dispatcher.web.keyholders import Keyholders
from dispatcher.web.limits import Limits, number_parts
from dispatcher.web.problems import KIND, not_valid, refused, trouble

API_PATH = "/api/v1"
ACTIONS_API = f"{API_PATH}/actions"
LONGEST_ACTIONS = 512 * 1024  # bytes; a thousand acts take about 200 KB
_SOURCE = "API"  # as the ledger has it
_WAIT = {"Retry-After": "60"}  # seconds
_BEARER = HTTPBearer(auto_error=False, description="A key made by `dispatch keys add`.")
_NONE: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "content": {KIND: {}}, "description": "There is none of that number."}
}
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
        self._keyholders = Keyholders(house, limits)

    def routes(self) -> list[Mount]:
        """Everything under /api/v1."""
        app = FastAPI(
            title="Dispatcher",
            version="1",
            description="Sign people up, take their leave, say who has acted, and follow what is sent.",
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
        routes: list[tuple[str, str, Callable[..., Any], Scope, int]] = [
            ("POST", "/subscriptions", self.subscribe, Scope.SUBSCRIBE, 202),
            ("POST", "/unsubscriptions", self.unsubscribe, Scope.SUBSCRIBE, 202),
            ("GET", "/lists", self.lists, Scope.READ, 200),
            ("POST", "/actions", self.actions, Scope.ACTIONS, 202),
            *((*route, 200) for route in Reading(self._house).routes()),
        ]
        for method, path, answer, scope, status in routes:
            app.add_api_route(
                path,
                answer,
                methods=[method],
                status_code=status,
                responses=_PROBLEMS | (_NONE if "{" in path else {}),
                dependencies=[Depends(self._key_with(scope)), Depends(_only_json)],
                openapi_extra={"x-scope": str(scope)},
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

    async def actions(self, body: ActionsBody) -> ActionsTaken:
        """Say who has acted. Rows that can't be used are named; all others are taken, whoever they are of."""
        refused = await run_in_threadpool(self._take_actions, body)
        return ActionsTaken(
            accepted=len(body.actions) - len(refused),
            problems=[ActionProblem(row=one.row, field=one.field, problem=one.problem) for one in refused],
        )

    async def lists(self) -> ListNames:
        """The lists that anybody may join, by their public names. Sensitive ones aren't among them."""
        return ListNames(lists=await run_in_threadpool(self._lists))

    def _key_with(self, scope: Scope) -> Callable[..., Awaitable[None]]:
        """What looks at the key before anything else is looked at."""

        async def look(
            request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
        ) -> None:
            given = shown.credentials if shown else ""
            holder = await self._keyholders.require(request, given, scope)
            request.state.scopes = holder.scopes

        return look

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

    def _take_actions(self, body: ActionsBody) -> list[Refused]:
        with self._house.db.transaction() as session:
            return take_rows(session, self._house, body.rows())

    def _lists(self) -> list[ListName]:
        with self._house.db.reading() as session:
            return [ListName(number=one.number, name=one.public_name) for one in offers(session)]


async def _only_json(request: Request) -> None:
    """A form of another site's page can't send this kind without being asked about it first."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind != "application/json":
        raise HTTPException(415, "Send JSON, with Content-Type: application/json.")
