"""`/`: the Calls to Action page. `/before/{ref}` says what to know first, `/go/{ref}` leads on to act."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dispatcher.content.about_us import about_us, in_language
from dispatcher.content.cards import Card, CardRack
from dispatcher.content.colour_field import colour_field
from dispatcher.content.edition import Organisation
from dispatcher.content.manifest import LEVELS
from dispatcher.house import House
from dispatcher.tokens import Signer
from dispatcher.usecases.clicks.recording import Opened
from dispatcher.usecases.joining.open_lists import open_numbers
from dispatcher.usecases.short_links import link_on_our_page
from dispatcher.web.pages import PUBLIC, Pages
from dispatcher.web.visit_book import VisitBook
from dispatcher.web.visitors import visitor_behind

log = logging.getLogger("dispatcher.web")

_PICTURE_CACHE = {"Cache-Control": "public, max-age=3600"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A card and the address that stands for it."""

    ref: str
    card: Card
    turn: int  # its place among all cards


class Calls:
    """Every campaign whose card may be shown, from its files as they are now."""

    def __init__(
        self, house: House, signer: Signer, pages: Pages, organisation: Organisation, book: VisitBook
    ) -> None:
        self._house = house
        self._book = book
        self._signer = signer
        self._pages = pages
        self._introduction = about_us(organisation.name).introduction
        self._rack = CardRack(organisation.name, _tell)

    def routes(self) -> list[Route]:
        """The page, what to read before acting, the way on, and the cards' pictures."""
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/before/{ref}", self.before, methods=["GET"]),
            Route("/go/{ref}", self.go, methods=["GET"]),
            Route("/pictures/{ref}", self.picture, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """The cards by level; a level without any isn't there."""
        shown, lists = await run_in_threadpool(self._all)
        language = self._pages.language(request)
        introduction, introduction_language = in_language(self._introduction, language)
        cards = [_facts(one, language, lists) for one in shown]
        levels = {level: [card for card in cards if card["level"] == level] for level in LEVELS}
        return self._pages.page(
            request,
            "calls",
            public=True,
            levels={level: of_it for level, of_it in levels.items() if of_it},
            introduction=introduction,
            introduction_language=introduction_language,
        )

    async def before(self, request: Request) -> Response:
        """The lines of before.txt, and a button that leads on."""
        shown = await run_in_threadpool(self._find, request)
        if shown is None:
            return self._pages.page(request, "missing", status=404)
        language = self._pages.language(request)
        face = shown.card.face(language)
        lines, lines_language = shown.card.before_for(language)
        return self._pages.page(
            request,
            "before",
            public=True,
            face=face,
            lines=lines,
            lines_language=lines_language,
            host=urlsplit(face.action_url).hostname or "",
            onward=f"/go/{shown.ref}",
        )

    async def go(self, request: Request) -> Response:
        """On to the action, in the reader's language: an address of the campaign's files and no other."""
        shown = await run_in_threadpool(self._find, request)
        language = self._pages.language(request)
        url = shown.card.face(language).action_url if shown else ""
        if not url:
            return self._pages.page(request, "missing", status=404)
        link_id = await run_in_threadpool(link_on_our_page, self._house.db, language, url)
        self._book.note(Opened(link_id, visitor_behind(request), datetime.now(UTC)))
        return RedirectResponse(url, status_code=302)

    async def picture(self, request: Request) -> Response:
        """The card's own picture, else a landscape in its colour."""
        shown = await run_in_threadpool(self._find, request)
        if shown is None:
            return self._pages.page(request, "missing", status=404)
        if shown.card.picture:
            picture = shown.card.picture
            return Response(picture.content, media_type=picture.media_type, headers=_PICTURE_CACHE)
        seed = hashlib.sha256(shown.ref.encode()).digest()
        return Response(
            colour_field(shown.card.color, seed, shown.turn),
            media_type="image/svg+xml",
            headers=_PICTURE_CACHE | {"X-Robots-Tag": PUBLIC["X-Robots-Tag"]},
        )

    def _all(self) -> tuple[list[Shown], dict[str, int]]:
        """The cards, and the numbers of the lists that people can join."""
        shown = self._shown()
        wanted = {one.card.sign_up for one in shown} - {""}
        with self._house.db.reading() as session:
            return shown, open_numbers(session, wanted)

    def _shown(self) -> list[Shown]:
        now = datetime.now(UTC)
        cards = [card for card in self._rack.cards() if card.deadline is None or now < card.deadline]
        return [Shown(self._signer.references(card.slug)[0], card, turn) for turn, card in enumerate(cards)]

    def _find(self, request: Request) -> Shown | None:
        """The card of an address; one that was made with an older key is good too."""
        ref = request.path_params["ref"]
        return next((one for one in self._shown() if ref in self._signer.references(one.card.slug)), None)


def _facts(shown: Shown, language: str, lists: dict[str, int]) -> dict[str, Any]:
    """What calls.html says of a card, and where its button leads."""
    card, face = shown.card, shown.card.face(language)
    joins = lists.get(card.sign_up)
    if joins is not None:
        href = f"/join/{joins}"
    elif not face.action_url:
        href = ""
    else:
        href = f"/{'before' if card.before else 'go'}/{shown.ref}"
    return {
        "level": card.level,
        "id": shown.ref,
        "face": face,
        "sign_up": bool(card.sign_up),
        "href": href,
        "picture": f"/pictures/{shown.ref}",
    }


def _tell(troubles: int) -> None:
    """Without a name: it could be a sensitive one's."""
    log.warning(
        "%s of the campaigns can't be shown whole on the Calls to Action page: see `dispatch campaigns ls`.",
        troubles,
    )
