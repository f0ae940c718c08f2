"""`/join`, `/join/{list}`: the sign-up form, and `/c/{token}`: the button that confirms it."""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher.content.edition import Organisation
from dispatcher.errors import BadToken
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases.joining.begin import Wish, begin
from dispatcher.usecases.joining.confirm import SignUpView, confirm_by_link, view_sign_up
from dispatcher.usecases.joining.links import CONFIRM_PATH, read_confirm_token
from dispatcher.usecases.joining.open_lists import JOIN_PATH, Offer, offer, offers
from dispatcher.web.forms import read_form
from dispatcher.web.join_form import TRAP, JoinForm, read_join_form
from dispatcher.web.limits import Limits, number_parts
from dispatcher.web.network import ip_address_of, network_of
from dispatcher.web.pages import Pages
from dispatcher.web.stamps import LEAST, Stamped, Stamps

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")  # a list's; no address has two spellings
_LIMIT = "join"
_WAIT = "3600"  # seconds: by then a network may ask again
_BOXES = {Channel.EMAIL: ("agree_email", "disclosure_email"), Channel.SMS: ("agree_sms", "disclosure_sms")}


class Joining:
    """Takes what people fill in. The answer is the same whether we know an address or not."""

    def __init__(
        self, house: House, signer: Signer, pages: Pages, organisation: Organisation, limits: Limits
    ) -> None:
        self._house = house
        self._signer = signer
        self._pages = pages
        self._stamps = Stamps(signer)
        self._organisation = organisation
        self._limits = limits

    def routes(self) -> list[Route]:
        """The form for every open list, a list's own form, and the page behind a link."""
        one, link = JOIN_PATH + "/{number}", CONFIRM_PATH + "{token}"
        return [
            Route(JOIN_PATH, self.show, methods=["GET"]),
            Route(JOIN_PATH, self.take, methods=["POST"]),
            Route(one, self.show, methods=["GET"]),
            Route(one, self.take, methods=["POST"]),
            Route(link, self.ask, methods=["GET"]),
            Route(link, self.confirm, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The empty form."""
        offered = await run_in_threadpool(self._offers, request)
        if not offered:
            return self._closed(request)
        language = self._pages.language(request)
        form = JoinForm()
        form.values["language"] = language
        form.values["stamp"] = self._stamps.make(time.time(), self._shown_words(request))
        return self._form(request, offered, form)

    async def take(self, request: Request) -> Response:
        """What was filled in: to be mended, or on its way to be confirmed."""
        offered = await run_in_threadpool(self._offers, request)
        if not offered:
            return self._closed(request)
        language = self._pages.language(request)
        fields = await read_form(request)
        form = read_join_form(fields, offered, [language, *self._pages.languages])
        if form.trapped:
            return self._sent(request, form)
        self._check_stamp(request, form)
        if form.errors:
            return self._form(request, offered, form, status=422)
        if not await self._limits.allow(_LIMIT, self._whence(request, form)):
            answer = self._pages.page(request, "join_busy", status=429)
            answer.headers["Retry-After"] = _WAIT
            return answer
        await self._spare_the_flooded(form)
        await run_in_threadpool(self._begin, self._wish(request, form, offered))
        return self._sent(request, form)

    async def ask(self, request: Request) -> Response:
        """The page with the button. Scanners and previews open links: nothing happens here."""
        return self._answer(request, "confirm", await run_in_threadpool(self._look, request))

    async def confirm(self, request: Request) -> Response:
        """Somebody holds the address: now they agree. The second time says the same."""
        return self._answer(request, "confirmed", await run_in_threadpool(self._confirm, request))

    def _offers(self, request: Request) -> list[Offer]:
        number = request.path_params.get("number")
        if number is not None and not _NUMBER.fullmatch(number):
            return []
        with self._house.db.reading() as session:
            if number is None:
                return offers(session)
            own = offer(session, int(number))
            return [own] if own else []

    def _form(
        self, request: Request, offered: Sequence[Offer], form: JoinForm, *, status: int = 200
    ) -> Response:
        language = self._pages.language(request)
        return self._pages.page(
            request,
            "join",
            status=status,
            action=f"{request.url.path}?lang={language}",
            offers=offered,
            form=form,
            trap=TRAP,
            languages_to_choose=self._pages.languages,
            disclosures=self._disclosures(request),
        )

    def _disclosures(self, request: Request) -> Mapping[str, str]:
        """What stands beside each box, with the gaps filled."""
        words = self._pages.words(request)["join"]
        gaps = {"org": self._organisation.name, "programme": self._organisation.from_name}
        return {name: words[name].format(**gaps) for pair in _BOXES.values() for name in pair}

    def _shown_words(self, request: Request) -> list[str]:
        return [self._pages.language(request), *self._disclosures(request).values()]

    def _check_stamp(self, request: Request, form: JoinForm) -> None:
        """A form that came at once, or was made with other words, is shown once more."""
        now, words = time.time(), self._shown_words(request)
        stamped = self._stamps.read(form.values["stamp"], now, words)
        if stamped is Stamped.TOO_SOON and not form.errors:
            form.errors["again"] = "error_again"
        if stamped is Stamped.OTHER:
            form.errors["again"] = "error_changed"
            form.values["stamp"] = self._stamps.make(now - LEAST, words)
            form.agreed = frozenset()  # to other words

    def _whence(self, request: Request, form: JoinForm) -> dict[str, str]:
        whence = {"network": network_of(request, self._house.settings)}
        return whence | ({"domain": form.email.domain} if form.email else {})

    async def _spare_the_flooded(self, form: JoinForm) -> None:
        """An address that was signed up often today is left in peace, and nobody is told: the answer would
        tell a stranger that somebody has used it here.
        """
        if form.email and not await self._limits.allow(_LIMIT, {"address": form.email.normalised}):
            form.email = None
        if form.phone and not await self._limits.allow(_LIMIT, number_parts(form.phone)):
            form.phone = None

    def _wish(self, request: Request, form: JoinForm, offered: Sequence[Offer]) -> Wish:
        words = self._disclosures(request)
        shown = {channel: f"{words[box]} {words[beside]}" for channel, (box, beside) in _BOXES.items()}
        return Wish(
            list_ids=form.list_ids(offered),
            language=form.values["language"],
            read_in=self._pages.language(request),
            page=request.url.path,
            shown=shown,
            email=form.email,
            phone=form.phone,
            postal_code=form.postal_code,
            ip_address=ip_address_of(request, self._house.settings),
        )

    def _begin(self, wish: Wish) -> None:
        house = self._house
        with house.db.transaction() as session:
            begin(session, house.keys, self._signer, house.settings.public_url, wish, datetime.now(UTC))

    def _sent(self, request: Request, form: JoinForm) -> Response:
        return self._pages.page(
            request,
            "join_sent",
            by_email=bool(form.values["email"]),
            by_text=bool(form.values["phone"]),
            number=self._house.settings.sms.options.get("from", ""),
        )

    def _closed(self, request: Request) -> Response:
        return self._pages.page(request, "join_closed", status=404)

    def _reference(self, request: Request) -> bytes:
        return read_confirm_token(self._signer, request.path_params["token"], datetime.now(UTC))

    def _look(self, request: Request) -> SignUpView | None:
        try:
            reference = self._reference(request)
        except BadToken:
            return None
        with self._house.db.reading() as session:
            return view_sign_up(session, reference)

    def _confirm(self, request: Request) -> SignUpView | None:
        try:
            reference = self._reference(request)
        except BadToken:
            return None
        with self._house.db.transaction() as session:
            return confirm_by_link(session, reference)

    def _answer(self, request: Request, name: str, seen: SignUpView | None) -> Response:
        if seen is None:
            return self._pages.page(request, "join_old", status=404)
        facts: dict[str, Any] = {"lists": ", ".join(seen.list_names), "text_waits": seen.text_waits}
        return self._pages.page(request, name, reader=seen.language, path=request.url.path, **facts)
