"""The web app: which address answers what. It keeps no session, sets no cookie and logs no address."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.tokens import Signer
from dispatcher.usecases.organisation import organisation_of
from dispatcher.web.following import Following
from dispatcher.web.guards import BodyLimit, CautionHeaders
from dispatcher.web.health import Health
from dispatcher.web.inbound import Inbound
from dispatcher.web.leaving import Leaving
from dispatcher.web.pages import Pages
from dispatcher.web.watch import Watch
from dispatcher.web.words import load_words, page_file

_CSS_PATH = "/pages.css"
_TRY_AGAIN_IN = "60"  # seconds


def create_app(house: House) -> Starlette:
    """The app of one installation. Raises WrongSettings when links can't be verified."""
    organisation = organisation_of(house.settings, practice=True)  # `send` is where a nameless one is refused
    words = load_words()
    pages = Pages(organisation, words)
    signer = Signer.load(house.settings)
    css = page_file("pages.css")

    async def stylesheet(_request: Request) -> Response:
        return Response(css, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    async def trouble(request: Request, _error: Exception) -> Response:
        """Our fault, not theirs: they, or their mail provider, may try again."""
        response = pages.page(request, "trouble", status=503)
        response.headers["Retry-After"] = _TRY_AGAIN_IN
        return response

    async def refusal(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=dict(error.headers or {}))

    app = Starlette(
        routes=[
            *Health(house, signer).routes(),
            *Leaving(house, signer, pages, organisation).routes(),
            *Following(house, signer, pages).routes(),
            *Inbound(house, organisation, words).routes(),
            Route(_CSS_PATH, stylesheet, methods=["GET"]),
        ],
        middleware=[
            Middleware(CautionHeaders, https=house.settings.public.scheme == "https"),
            Middleware(BodyLimit),
        ],
        exception_handlers={DispatchError: trouble, Exception: trouble, HTTPException: refusal},
        lifespan=Watch(house).lifespan,
    )
    # The redirect would go to whatever host a request names, with the token; and RFC 8058 forbids one.
    app.router.redirect_slashes = False
    return app
