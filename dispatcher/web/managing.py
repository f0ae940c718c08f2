"""`/m/{token}`: one person's choices, behind a link that was just sent to them. GET changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dispatcher.content.edition import Organisation
from dispatcher.errors import BadToken, InvalidAddress
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases.export_page import as_page
from dispatcher.usecases.export_person import export_person
from dispatcher.usecases.forget import forget
from dispatcher.usecases.managing.choices import Choices, alone, leave_all, look, save
from dispatcher.usecases.managing.links import MANAGE_PATH, ManageToken, read_manage_token
from dispatcher.usecases.managing.moving import Move, begin_move, finish_move
from dispatcher.web.forms import read_form
from dispatcher.web.limits import Limits
from dispatcher.web.network import network_of
from dispatcher.web.pages import CSS_PATH, Pages

_WAIT = "3600"  # seconds
_CODES = "code"  # the limit, as rules/web_limits.py has it
_ASKED_BY = "asked on the preferences page"
_LONGEST_CODE = 20  # characters: six digits, however they are spaced
T = TypeVar("T")


class Managing:
    """What a person may see and change; a link that isn't right, or is too old, shows nothing of anybody."""

    def __init__(
        self, house: House, signer: Signer, pages: Pages, organisation: Organisation, limits: Limits
    ) -> None:
        self._house = house
        self._signer = signer
        self._pages = pages
        self._organisation = organisation
        self._limits = limits

    def routes(self) -> list[Route]:
        """The choices, and under them what is done with a page of its own."""
        path = MANAGE_PATH + "{token}"
        return [
            Route(path, self.show, methods=["GET"]),
            Route(path, self.save, methods=["POST"]),
            Route(path + "/everything", self.leave_everything, methods=["POST"]),
            Route(path + "/copy", self.copy, methods=["GET"]),
            Route(path + "/forget", self.ask_forget, methods=["GET"]),
            Route(path + "/forget", self.forget, methods=["POST"]),
            Route(path + "/new/{channel:str}", self.ask_address, methods=["GET"]),
            Route(path + "/new/{channel:str}", self.send_code, methods=["POST"]),
            Route(path + "/code", self.take_code, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """What the person gets now."""
        return await self._answer(request, look, self._manage)

    async def save(self, request: Request) -> Response:
        """What the person wants from now on: what isn't ticked is left."""
        fields = await read_form(request)
        wanted = {channel: _numbers(fields.get(str(channel), [])) for channel in Channel}
        language = fields.get("language", [""])[0]

        def saved(session: Session, token: ManageToken) -> Choices:
            shown = self._disclosures(request, look(session, token).language)
            chosen = language if language in self._pages.languages else None
            return save(session, token, wanted, language=chosen, shown=shown)

        return await self._answer(request, saved, lambda *facts: self._manage(*facts, saved=True))

    async def leave_everything(self, request: Request) -> Response:
        """Every list, both channels; all texts, behind a shared phone's link."""

        def told(req: Request, choices: Choices) -> Response:
            if choices.family:
                ours = self._organisation.from_name
                return self._page(req, "left", choices.language, channel=str(Channel.SMS), lists=ours)
            return self._page(req, "everything_left", choices.language)

        return await self._answer(request, leave_all, told)

    async def copy(self, request: Request) -> Response:
        """All that is held of the person, on a page that can be kept."""

        def written(session: Session, token: ManageToken) -> str:
            person = alone(session, token)
            record = export_person(session, self._house.keys, str(person.id))
            return as_page(record, stylesheet=CSS_PATH)

        return await self._answer(request, written, lambda _, page: HTMLResponse(page))

    async def ask_forget(self, request: Request) -> Response:
        """The question before it is done."""
        return await self._answer(
            request, _language, lambda req, language: self._page(req, "forget", language, back=_home(req))
        )

    async def forget(self, request: Request) -> Response:
        """Forget the person everywhere; the link opens nothing afterwards."""

        def forgotten(session: Session, token: ManageToken) -> str:
            person = alone(session, token)
            language = person.language
            forget(session, self._house.keys, str(person.id), reason=_ASKED_BY)
            return language

        return await self._answer(
            request, forgotten, lambda req, language: self._page(req, "forgotten", language)
        )

    async def ask_address(self, request: Request) -> Response:
        """The form for a new address."""
        channel = _channel(request)
        if channel is None:
            return self._old(request)
        return await self._answer(request, _language, lambda req, language: self._new(req, language, channel))

    async def send_code(self, request: Request) -> Response:
        """Send a code to the new address. The answer is the same whether it is known or not."""
        channel = _channel(request)
        address = (await read_form(request)).get("address", [""])[0].strip()
        parts = {"network": network_of(request, self._house.settings), "address": address.casefold()}
        if channel is None or not self._is_signed(request):  # nobody else's tries count for this address
            return self._old(request)
        if not await self._limits.allow(_CODES, parts):
            answer = self._pages.page(request, "lost_busy", status=429)
            answer.headers["Retry-After"] = _WAIT
            return answer

        def begun(session: Session, token: ManageToken) -> tuple[str, Move | None]:
            language = _language(session, token)
            try:
                return language, begin_move(session, self._house.keys, token, channel, address)
            except InvalidAddress:
                return language, None

        def told(req: Request, outcome: tuple[str, Move | None]) -> Response:
            language, move = outcome
            if move is Move.ASKED:
                return self._page(req, "code", language, action=_home(req) + "/code", wrong=False)
            wrong = "enough" if move is Move.ENOUGH else f"wrong_{channel}"
            return self._new(req, language, channel, wrong=wrong, value="" if move else address)

        return await self._answer(request, begun, told)

    async def take_code(self, request: Request) -> Response:
        """The code that came to the new address."""
        code = (await read_form(request)).get("code", [""])[0][:_LONGEST_CODE]

        def finished(session: Session, token: ManageToken) -> tuple[str, Move]:
            language = _language(session, token)
            return language, finish_move(session, self._house.keys, token, code)

        def told(req: Request, outcome: tuple[str, Move]) -> Response:
            language, move = outcome
            if move is Move.WRONG:
                return self._page(req, "code", language, status=422, action=req.url.path, wrong=True)
            return self._page(req, "moved", language, how=str(move), back=_home(req))

        return await self._answer(request, finished, told)

    async def _answer(
        self,
        request: Request,
        act: Callable[[Session, ManageToken], T],
        page: Callable[[Request, T], Response],
    ) -> Response:
        """Do something in the person's name, in one transaction, and show what came of it."""
        try:
            done = await run_in_threadpool(self._act, request, act)
        except BadToken:
            return self._old(request)
        return page(request, done)

    def _is_signed(self, request: Request) -> bool:
        try:
            return bool(self._token(request))
        except BadToken:
            return False

    def _token(self, request: Request) -> ManageToken:
        return read_manage_token(self._signer, request.path_params["token"], datetime.now(UTC))

    def _act(self, request: Request, act: Callable[[Session, ManageToken], T]) -> T:
        token = self._token(request)
        reading = request.method in {"GET", "HEAD"}
        with self._house.db.reading() if reading else self._house.db.transaction() as session:
            return act(session, token)

    def _manage(self, request: Request, choices: Choices, *, saved: bool = False) -> Response:
        return self._page(
            request,
            "manage",
            choices.language,
            choices=choices,
            saved=saved,
            home=_home(request),
            languages_to_choose=self._pages.languages,
            disclosures=self._disclosures(request, choices.language),
        )

    def _new(
        self, request: Request, language: str, channel: Channel, *, wrong: str = "", value: str = ""
    ) -> Response:
        facts = {"channel": str(channel), "wrong": wrong, "value": value, "back": _home(request)}
        return self._page(request, "new_address", language, status=422 if wrong else 200, **facts)

    def _disclosures(self, request: Request, reader: str) -> dict[Channel, str]:
        """What stands under each channel's boxes, and is kept as what was agreed to."""
        words = self._pages.words(request, reader)["manage"]
        org = self._organisation.name
        return {channel: words[f"disclosure_{channel}"].format(org=org) for channel in Channel}

    def _page(self, request: Request, name: str, reader: str, *, status: int = 200, **facts: Any) -> Response:
        return self._pages.page(request, name, status=status, reader=reader, path=request.url.path, **facts)

    def _old(self, request: Request) -> Response:
        """The same for every link that isn't right: nothing is said of whom we know."""
        return self._pages.page(request, "manage_old", status=404)


def _language(session: Session, token: ManageToken) -> str:
    """Of somebody who is alone behind their link."""
    return alone(session, token).language


def _home(request: Request) -> str:
    """The path of the person's page."""
    return f"{MANAGE_PATH}{request.path_params['token']}"


def _channel(request: Request) -> Channel | None:
    name = request.path_params["channel"]
    return Channel(name) if name in set(Channel) else None


def _numbers(values: list[str]) -> frozenset[int]:
    return frozenset(int(value) for value in values if value.isdecimal() and len(value) < 10)
