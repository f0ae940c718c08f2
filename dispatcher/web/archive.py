"""`/texts`: "Is this text real?" and every alert that went out; `/v/...`: an email without its reader."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dispatcher.content.edition import Organisation
from dispatcher.content.locales import locale_of, own_name
from dispatcher.house import House
from dispatcher.settings import Settings
from dispatcher.tokens import Signer, view_path
from dispatcher.usecases.archive.shelf import Answer, Archive, Entry
from dispatcher.web.feed import FEED_TYPE, atom
from dispatcher.web.forms import read_form
from dispatcher.web.pages import PUBLIC, Pages

_A_PAGE = 10  # alerts
_IN_THE_FEED = 20
# Organisers' own HTML: no script, no form, and nothing of ours is within its reach.
_EMAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


class ArchivePages:
    """Words of ours alone: nobody's name, nobody's link."""

    def __init__(self, house: House, signer: Signer, pages: Pages, organisation: Organisation) -> None:
        self._settings = house.settings
        self._archive = Archive(house, signer)
        self._pages = pages
        self._organisation = organisation

    def routes(self) -> list[Route]:
        """The archive, one alert, one email, the feed."""
        return [
            Route("/texts", self.show, methods=["GET"]),
            Route("/texts", self.compare, methods=["POST"]),
            Route("/texts/{alert:number}", self.alert, methods=["GET"]),
            Route(view_path("{alert:number}", "{number:number}", "{language}"), self.email, methods=["GET"]),
            Route("/feed.atom", self.feed, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """The newest alerts, or those older than `?before=`."""
        return await self._index(request, None)

    async def compare(self, request: Request) -> Response:
        """Whether the words in the form are ours. By POST, so that they stand in no address and no log."""
        fields = await read_form(request)
        words = fields.get("words", [""])[0]
        return await self._index(request, await run_in_threadpool(self._archive.compare, words))

    async def alert(self, request: Request) -> Response:
        """One alert in every language and version."""
        entry = await run_in_threadpool(self._archive.alert, request.path_params["alert"])
        if entry is None:
            return self._pages.page(request, "missing", status=404)
        versions = [
            {"number": number, "wordings": words.wordings, "sender": words.from_email}
            for number, words in entry.editions
        ]
        return self._pages.page(
            request,
            "alert",
            public=True,
            alert=self._facts(request, entry),
            versions=versions,
            own_name=own_name,
            view_path=view_path,
            **self._senders(),
        )

    async def email(self, request: Request) -> Response:
        """An email in the browser, as nobody in particular gets it."""
        wanted = (request.path_params[name] for name in ("alert", "number", "language"))
        html = await run_in_threadpool(self._archive.email, *wanted)
        if html is None:
            return self._pages.page(request, "missing", status=404)
        headers = PUBLIC | {"Content-Security-Policy": _EMAIL_POLICY, "X-Robots-Tag": "noindex"}
        return HTMLResponse(html, headers=headers)

    async def feed(self, request: Request) -> Response:
        """The newest alerts for programs that follow news (RFC 4287)."""
        entries = await run_in_threadpool(lambda: self._archive.page(limit=_IN_THE_FEED))
        xml = atom(
            entries,
            title=self._pages.words(request)["site"]["feed"].format(org=self._organisation.name),
            author=self._organisation.name,
            language=self._pages.language(request),
            site=self._settings.public,
        )
        return Response(xml, headers=PUBLIC | {"Content-Type": FEED_TYPE})

    async def _index(self, request: Request, answer: Answer | None) -> Response:
        given = request.query_params.get("before", "")
        before = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
        found = await run_in_threadpool(lambda: self._archive.page(limit=_A_PAGE + 1, before=before))
        shown = found[:_A_PAGE]
        return self._pages.page(
            request,
            "texts",
            public=answer is None,
            verdict=answer.verdict if answer else None,
            answered=self._dated(request, answer),
            alerts=[self._facts(request, entry) for entry in shown],
            older=shown[-1].alert.alert_id if len(found) > _A_PAGE else None,
            later=before is not None,
            **self._senders(),
        )

    def _facts(self, request: Request, entry: Entry) -> dict[str, Any]:
        """What a page says of an alert."""
        return {
            "id": entry.alert.alert_id,
            "date": self._date(request, entry.alert.at),
            "at": entry.alert.at.date().isoformat(),
            "wording": entry.wording(self._pages.language(request)),
        }

    def _dated(self, request: Request, answer: Answer | None) -> dict[str, Any] | None:
        if answer is None or answer.alert is None:
            return None
        return {"id": answer.alert.alert_id, "date": self._date(request, answer.alert.at)}

    def _date(self, request: Request, at: datetime) -> str:
        """The day, in the reader's language, where the organisation is."""
        from babel.dates import format_date

        day = at.astimezone(ZoneInfo(self._settings.org_zone)).date()
        return format_date(day, "long", locale=locale_of(self._pages.language(request)))

    def _senders(self) -> dict[str, Any]:
        practice = all(self._settings.practice.values())
        number = "" if practice else _number(self._settings)
        return {"practice": practice, "number": number, "address": self._organisation.from_email}


def _number(settings: Settings) -> str:
    """The number that texts come from, as people write it; "" where a service chooses one of several."""
    import phonenumbers

    number = settings.sms.options.get("from", "")
    if not number.startswith("+"):
        return number  # a short code
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(phonenumbers.parse(number), form)
