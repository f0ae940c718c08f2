"""Pages: small HTML without script, in the reader's language, inside the frame page.html."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dispatcher.content.about_us import AboutUs, about_us, in_language
from dispatcher.content.catalogue import SOURCE
from dispatcher.content.edition import Organisation
from dispatcher.content.frozen import pick_language
from dispatcher.content.locales import own_name
from dispatcher.web.words import Words, language_for, page_folders

CSS_PATH = "/pages.css"
# What a page that is the same for everybody says: kept for a minute, and found by search engines.
PUBLIC = {"Cache-Control": "public, max-age=60", "Vary": "Accept-Language", "X-Robots-Tag": "all"}
_LANGUAGE = "lang"  # ?lang=es comes before what the browser asks for


class Pages:
    """Makes the pages of one organisation."""

    def __init__(self, organisation: Organisation, words: Words, about: AboutUs | None = None) -> None:
        """`about` is what templates/pages/organisation.toml says, unless it is given."""
        self._organisation = organisation
        self._about = about if about is not None else about_us(organisation.name)
        self._words = words
        # Each language that pages are in -> what it calls itself; English first.
        self.languages = {
            language: own_name(language) for language in sorted(words, key=lambda one: one != SOURCE)
        }
        self._environment = Environment(
            loader=FileSystemLoader(page_folders()),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def language(self, request: Request, reader: str | None = None) -> str:
        """The language of an answer: `?lang=`, else the reader's own, else the browser's, else English."""
        asked = pick_language(request.query_params.get(_LANGUAGE, ""), self._words)
        return asked or language_for(reader, request.headers.get("accept-language", ""), self._words)

    def words(self, request: Request, reader: str | None = None) -> Mapping[str, Any]:
        """The words of the language that a page will have, for facts that are put together from them."""
        return self._words[self.language(request, reader)]

    def page(
        self,
        request: Request,
        name: str,
        *,
        status: int = 200,
        reader: str | None = None,
        public: bool = False,
        **facts: Any,
    ) -> Response:
        """The page `name`.html; `reader` is the language of the person, where we know whom we talk to.

        `public`: it has nothing of anybody in it, and may be kept and found. Templates have `link(path)`,
        which keeps the language that was asked for.
        """
        language = self.language(request, reader)
        mission, mission_language = in_language(self._about.mission, language)
        html = self._environment.get_template(f"{name}.html").render(
            language=language,
            languages=self._choices(request),
            link=_link(request, self._words),
            words=self._words[language],
            org=self._organisation.name,
            org_address=self._organisation.address,
            contact=self._organisation.from_email,
            about=self._about,
            mission=mission,
            mission_language=mission_language,
            here=request.url.path,
            public=public,
            **facts,
        )
        headers = {"Content-Language": language} | (PUBLIC if public and status == 200 else {})
        return HTMLResponse(html, status, headers=headers)

    def _choices(self, request: Request) -> list[dict[str, str]]:
        """Each language with its own name and the query that leads to this page in it; none for an answer
        to a form, which has no address of its own.
        """
        if request.method not in {"GET", "HEAD"} or len(self.languages) == 1:
            return []
        others = [(name, value) for name, value in request.query_params.multi_items() if name != _LANGUAGE]
        return [
            {"code": code, "name": name, "query": "?" + urlencode([*others, (_LANGUAGE, code)])}
            for code, name in self.languages.items()
        ]


def _link(request: Request, words: Words) -> Callable[[str], str]:
    """Makes links that keep the language which somebody chose."""
    chosen = pick_language(request.query_params.get(_LANGUAGE, ""), words)

    def link(path: str) -> str:
        if not chosen:
            return path
        return f"{path}{'&' if '?' in path else '?'}{urlencode({_LANGUAGE: chosen})}"

    return link
