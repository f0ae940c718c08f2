"""`/privacy` and `/terms`: what we keep of people and why, and what a sign-up means."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher.content.edition import Organisation
from dispatcher.content.locales import locale_of
from dispatcher.settings import Settings
from dispatcher.web.pages import Pages

PRIVACY_PATH, TERMS_PATH = "/privacy", "/terms"


class Statements:
    """Words of the catalogue: what they say must be what the code does."""

    def __init__(self, pages: Pages, organisation: Organisation, settings: Settings) -> None:
        self._pages = pages
        self._settings = settings
        self._organisation = organisation

    def routes(self) -> list[Route]:
        """`GET /privacy`, `GET /terms`."""
        return [
            Route(PRIVACY_PATH, self.privacy, methods=["GET"]),
            Route(TERMS_PATH, self.terms, methods=["GET"]),
        ]

    async def privacy(self, request: Request) -> Response:
        """What is kept, for how long, who sees it, and how it is deleted."""
        language, settings = self._pages.language(request), self._settings
        return self._pages.page(
            request,
            "privacy",
            public=True,
            time=_days(settings.retain_detail_days, language),
            time_sensitive=_days(settings.retain_detail_days_sensitive, language),
        )

    async def terms(self, request: Request) -> Response:
        """Who writes, how often, what it costs, and how it ends."""
        return self._pages.page(request, "terms", public=True, programme=self._organisation.from_name)


def _days(number: int, language: str) -> str:
    from babel.dates import format_timedelta

    # A threshold that nothing reaches: 90 days stay days.
    return format_timedelta(
        timedelta(days=number), granularity="day", threshold=10**6, locale=locale_of(language)
    )
