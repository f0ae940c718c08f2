"""The web app: which address answers what. It keeps no session, sets no cookie and logs no address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from dispatcher.callbacks.base import Fetch
from dispatcher.callbacks.fetching import fetch as fetch_over_https
from dispatcher.callbacks.registry import receivers
from dispatcher.errors import BadToken, DispatchError
from dispatcher.house import House
from dispatcher.tokens import LEAVE_PATH, Signer
from dispatcher.usecases.acting.campaigns import ACTIONS_PATH
from dispatcher.usecases.organisation import organisation_of
from dispatcher.web.actions import Actions
from dispatcher.web.answers import Answers
from dispatcher.web.api import ACTIONS_API, LONGEST_ACTIONS, Api
from dispatcher.web.archive import ArchivePages
from dispatcher.web.callbacks import CALLBACKS_PATH, Callbacks
from dispatcher.web.calls import Calls
from dispatcher.web.following import Following
from dispatcher.web.guards import BodyLimit, CautionHeaders, OwnFormsOnly
from dispatcher.web.health import Health
from dispatcher.web.inbound import Inbound
from dispatcher.web.joining import Joining
from dispatcher.web.leaving import Leaving
from dispatcher.web.limits import Limits
from dispatcher.web.lost import Lost
from dispatcher.web.managing import Managing
from dispatcher.web.numbers import register as register_numbers
from dispatcher.web.pages import Pages
from dispatcher.web.statements import Statements
from dispatcher.web.visit_book import VisitBook
from dispatcher.web.watch import Watch
from dispatcher.web.words import load_words

# Posted to by others than the forms of our own pages.
_FOR_PROGRAMS = (LEAVE_PATH, "/api/", "/twilio/", CALLBACKS_PATH, f"{ACTIONS_PATH}/")


def create_app(house: House, fetch: Fetch = fetch_over_https) -> Starlette:
    """The app of one installation. Raises WrongSettings when links can't be verified.

    `fetch` gets what proves a provider's calls, where that is kept by the provider.
    """
    register_numbers()
    organisation = organisation_of(house.settings, practice=True)  # `send` is where a nameless one is refused
    words = load_words()
    pages = Pages(organisation, words)
    signer = Signer.load(house.settings)
    limits = Limits(house)
    book = VisitBook(house)
    watch = Watch(house, closes=limits.close)
    callbacks = Callbacks(house, receivers(house.settings, fetch))
    answers = Answers(pages)

    @asynccontextmanager
    async def lifespan(site: Starlette) -> AsyncIterator[None]:
        async with watch.lifespan(site), book.lifespan(site):
            yield

    app = Starlette(
        routes=[
            *callbacks.routes(),  # first: providers may call a thousand times a second
            *Health(house, signer, limits).routes(),
            *Leaving(house, signer, pages, organisation).routes(),
            *Joining(house, signer, pages, organisation, limits).routes(),
            *Statements(pages, organisation, house.settings).routes(),
            *Lost(house, signer, pages, limits).routes(),
            *Managing(house, signer, pages, organisation, limits).routes(),
            *Following(house, signer, pages, book).routes(),
            *Inbound(house, organisation, words).routes(),
            *Api(house, signer, limits).routes(),
            *Actions(house, limits).routes(),
            *Calls(house, signer, pages, organisation, book).routes(),
            *ArchivePages(house, signer, pages, organisation).routes(),
            *answers.routes(),
        ],
        middleware=[
            Middleware(CautionHeaders, https=house.settings.public.scheme == "https"),
            Middleware(OwnFormsOnly, public=house.settings.public, exempt=_FOR_PROGRAMS),
            Middleware(BodyLimit, larger={**callbacks.longest_bodies, ACTIONS_API: LONGEST_ACTIONS}),
        ],
        exception_handlers={
            BadToken: answers.broken,
            DispatchError: answers.trouble,
            Exception: answers.trouble,
            HTTPException: answers.refusal,
        },
        lifespan=lifespan,
    )
    # The redirect would go to whatever host a request names, with the token; and RFC 8058 forbids one.
    app.router.redirect_slashes = False
    return app
