"""What the site answers by itself: its style sheet, robots.txt, and the pages for what went wrong."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dispatcher.web.pages import CSS_PATH, Pages
from dispatcher.web.words import page_file

# What holds a token is told by a header not to be found; these lead elsewhere, or to nobody in particular.
_ROBOTS = "User-agent: *\nDisallow: /go/\nDisallow: /before/\nDisallow: /k/\nDisallow: /api/\n"
_TRY_AGAIN_IN = "60"  # seconds


class Answers:
    """The same for everybody."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._css = page_file("pages.css")

    def routes(self) -> list[Route]:
        """`GET /robots.txt` and the style sheet."""
        return [
            Route("/robots.txt", self.robots, methods=["GET"]),
            Route(CSS_PATH, self.stylesheet, methods=["GET"]),
        ]

    async def stylesheet(self, _request: Request) -> Response:
        """How every page looks."""
        return Response(self._css, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    async def robots(self, _request: Request) -> Response:
        """What search engines leave alone."""
        return PlainTextResponse(_ROBOTS, headers={"Cache-Control": "max-age=86400"})

    async def broken(self, request: Request, _error: Exception) -> Response:
        """A link that isn't right. The same for every one: nothing is said of whom we know."""
        return self._pages.page(request, "broken", status=404)

    async def trouble(self, request: Request, _error: Exception) -> Response:
        """Our fault, not theirs: they, or their mail provider, may try again."""
        response = self._pages.page(request, "trouble", status=503)
        response.headers["Retry-After"] = _TRY_AGAIN_IN
        return response

    async def refusal(self, request: Request, error: Exception) -> Response:
        """An address or a method that there is none of, for a person or for a program."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
            return self._pages.page(request, "missing", status=404)
        return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=dict(error.headers or {}))
