"""Pages: small HTML without script, in the reader's language."""

from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dispatcher.content.edition import Organisation
from dispatcher.web.words import Words, language_for, page_folders


class Pages:
    """Makes the pages of one organisation."""

    def __init__(self, organisation: Organisation, words: Words) -> None:
        self._organisation = organisation
        self._words = words
        self._environment = Environment(
            loader=FileSystemLoader(page_folders()),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            auto_reload=False,
        )

    def page(
        self, request: Request, name: str, *, status: int = 200, reader: str | None = None, **facts: Any
    ) -> Response:
        """The page `name`.html; `reader` is the language of the person, where we know whom we talk to."""
        language = language_for(reader, request.headers.get("accept-language", ""), self._words)
        html = self._environment.get_template(f"{name}.html").render(
            language=language,
            words=self._words[language],
            org=self._organisation.name,
            contact=self._organisation.from_email,
            **facts,
        )
        return HTMLResponse(html, status, headers={"Content-Language": language})
