"""The frame around every campaign: layouts and includes, put together as text before rendering.

A name is looked for beside the campaign's own files, then in `./templates/layouts`, then among the shipped.
"""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from dispatcher.content.files import read_text, shown
from dispatcher.content.pieces import pieces
from dispatcher.content.templating import is_html, parse
from dispatcher.errors import BrokenCampaign
from dispatcher.paths import shipped

_SLOT = re.compile(r"\{\{-?\s*body\s*-?\}\}")
_INCLUDE = re.compile(r"\{%[-+]?\s*include\s+(\"|')(?P<name>[^\"']*)\1\s*[-+]?%\}")
_ANY_INCLUDE = re.compile(r"\{%[-+]?\s*include\b")
_NAME = re.compile(r"[A-Za-z0-9][\w-]*\.(?:html|txt)")
_DEEPEST = 8


def layout_folders() -> list[Path]:
    """Where layouts are looked for, first wins: the working folder's own, then the shipped ones."""
    own, ours = Path.cwd() / "templates" / "layouts", shipped("templates", "layouts")
    return [own, ours] if own.is_dir() and own.resolve() != ours.resolve() else [ours]


class Shelf:
    """What one language of a campaign is put together from, and a record of what was taken."""

    def __init__(self, folder: Path, files: Mapping[str, str], prefix: str = "") -> None:
        """`files` are the language's own in `folder`, by name; in `used` they begin with `prefix` (`es/`)."""
        self._folder = folder
        self._files = files
        self._prefix = prefix
        self.used: dict[str, str] = {}

    def part(self, name: str) -> str:
        """One of the language's own files, every include resolved."""
        text, file = self.find(name)
        return self._resolved(text, file, html=is_html(name))

    def framed(self, layout: str, body: str, made: str | None = None) -> str:
        """The layout's file with `body`, a file of the language, in its slot, every include resolved.

        Where there is no such file, `made` stands in for it.
        """
        frame, file = self.find(layout)
        if len(_SLOT.findall(frame)) != 1:
            raise BrokenCampaign(
                file=file, place="", problem="needs {{ body }} once, for the campaign's words."
            )
        before, after = _SLOT.split(frame)
        html = is_html(layout)
        words = self.part(body) if made is None else made
        return self._resolved(before, file, html=html) + words + self._resolved(after, file, html=html)

    def find(self, name: str, asked_by: str = "", place: str = "") -> tuple[str, str]:
        """A file's text and the path to show; BrokenCampaign, at `asked_by`, when there is none."""
        if name in self._files:
            self.used[f"{self._prefix}{name}"] = self._files[name]
            return self._files[name], shown(self._folder / name)
        for folder in layout_folders() if _NAME.fullmatch(name) else ():
            if (folder / name).is_file():
                text = self.used[f"layouts/{name}"] = read_text(folder / name)
                parse(text, shown(folder / name))
                return text, shown(folder / name)
        known = sorted({path.name for folder in layout_folders() for path in folder.glob("*.html")})
        problem = f"there is no {name!r} beside it or in templates/layouts. There are: {', '.join(known)}."
        raise BrokenCampaign(file=asked_by or f"templates/layouts/{name}", place=place, problem=problem)

    def _resolved(self, source: str, file: str, *, html: bool, depth: int = 0) -> str:
        """`source` with each `{% include "name" %}` replaced by that file's text; .txt is escaped in HTML."""
        if depth > _DEEPEST:
            raise BrokenCampaign(file=file, place="", problem="includes itself, or the includes go too deep.")
        for found in _ANY_INCLUDE.finditer(source):
            if not _INCLUDE.match(source, found.start()):
                problem = 'write {% include "name.html" %}: only a name in quotes, and nothing else.'
                raise BrokenCampaign(file=file, place=_place(source, found.start()), problem=problem)

        def put_in(match: re.Match[str]) -> str:
            text, included = self.find(match["name"], file, _place(source, match.start()))
            text = (_escaped(text) if html and not is_html(included) else text).removesuffix("\n")
            return self._resolved(text, included, html=html, depth=depth + 1)

        return _INCLUDE.sub(put_in, source)


def _place(source: str, position: int) -> str:
    line = source.count("\n", 0, position) + 1
    return f":{line}"


def _escaped(text: str) -> str:
    """Plain text as HTML, its Jinja untouched."""
    return "".join(part if jinja else escape(part, quote=False) for part, jinja in pieces(text))
