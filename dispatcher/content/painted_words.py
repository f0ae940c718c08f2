"""The colours that words really have in a message, and those behind them: CSS applied, in light and dark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from dispatcher.content.inline import inline_css
from dispatcher.content.page import Page
from dispatcher.rules.colours import parse_colour
from dispatcher.rules.contrast import BLACK, WHITE, contrast, mixed

_AT = "data-at"
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_MEDIA = re.compile(r"@media([^{]*)\{")
_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark")
_LINK = "#0000ee"  # what browsers show links in, where nobody says another
_UNTOLD = "?"  # a picture or a gradient is behind: nobody can tell
_SIZES = {"h1": 32.0, "h2": 24.0, "h3": 18.72, "small": 13.33}
_BOLD = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "th"})
_NO_WORDS = frozenset({"script", "style", "title", "template"})
_ROOT_SIZE = 16.0


@dataclass(frozen=True, slots=True)
class Paint:
    """How the words of an element look: inherited from the one around it, but for what it says itself."""

    colour: str = BLACK
    behind: str = WHITE
    size: float = _ROOT_SIZE
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PaintedWords:
    """Some words, where their element begins, and how well they can be told from what is behind them."""

    text: str
    offset: int
    mode: str  # light or dark
    paint: Paint

    @property
    def contrast(self) -> float:
        return contrast(self.paint.colour, self.paint.behind)


def painted_words(html: str, page: Page) -> Iterator[PaintedWords]:
    """Every run of words that is shown, once as in light mode, and once as in dark where the CSS has one."""
    light = _STYLE.sub(lambda style: f"<style>{_always(style[1])}</style>", _numbered(html, page))
    dark = "".join(_always(rules) for words in page.styles for rules in _if_dark(words.text))
    yield from _painted(light, page, "light")
    if dark and "</head>" in light:
        yield from _painted(light.replace("</head>", f"<style>{dark}</style></head>", 1), page, "dark")


def _numbered(html: str, page: Page) -> str:
    """Each tag with its number, which it keeps while CSS is applied."""
    pieces, end = [], 0
    for number, element in enumerate(page.elements):
        begin = element.offset + 1 + len(element.tag)
        pieces += [html[end:begin], f' {_AT}="{number}"']
        end = begin
    return "".join([*pieces, html[end:]])


def _conditional(css: str) -> Iterator[tuple[int, int, str, str]]:
    """Each `@media`: where it begins and ends, its condition, and the rules in it."""
    end = 0
    for match in _MEDIA.finditer(css):
        if match.start() < end:
            continue  # within the one before
        depth, end = 1, match.end()
        while depth and end < len(css):
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield match.start(), end, match[1], css[match.end() : end - 1]


def _always(css: str) -> str:
    """The rules that no condition is on: a screen's width decides no colour."""
    kept, after = "", 0
    for begin, end, _, _ in _conditional(css):
        kept += css[after:begin]
        after = end
    return kept + css[after:]


def _if_dark(css: str) -> Iterator[str]:
    return (rules for _, _, condition, rules in _conditional(css) if _DARK.search(condition))


def _painted(html: str, page: Page, mode: str) -> Iterator[PaintedWords]:
    from lxml.html import document_fromstring

    try:
        body = document_fromstring(inline_css(html)).find("body")
    except Exception:  # noqa: BLE001 - whatever a CSS parser can trip over; nobody's mail depends on it
        return
    for element, text, paint in _walk(body, Paint()):
        if paint.behind != _UNTOLD:
            yield PaintedWords(text, page.elements[int(element.get(_AT))].offset, mode, paint)


def _walk(element: Any, around: Paint) -> Iterator[tuple[Any, str, Paint]]:
    """Every shown run of words below an element, the element that paints it, and how."""
    style = _style_of(element)
    if style.get("display") == "none" or style.get("visibility") == "hidden" or style.get("opacity") == "0":
        return
    paint = _paint(element, style, around)
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip() and element.get(_AT):
            yield element, " ".join(text.split()), paint
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _NO_WORDS:
            yield from _walk(child, paint)


def _style_of(element: Any) -> dict[str, str]:
    pairs = (part.partition(":") for part in element.get("style", "").split(";"))
    return {name.strip().lower(): value.replace("!important", "").strip() for name, _, value in pairs}


def _paint(element: Any, style: dict[str, str], around: Paint) -> Paint:
    behind = _behind(style, element.get("bgcolor", ""), around.behind)
    own = parse_colour(style.get("color", element.get("color", "")))
    colour = _LINK if element.tag == "a" and element.get("href") and around.colour == BLACK else around.colour
    if own:
        colour = own.code if own.opacity == 1 or behind == _UNTOLD else mixed(behind, own.code, own.opacity)
    weight = style.get("font-weight", "bold" if element.tag in _BOLD else "")
    bold = weight in {"bold", "bolder", "600", "700", "800", "900"} if weight else around.bold
    return replace(around, colour=colour, behind=behind, size=_size(element, style, around.size), bold=bold)


def _behind(style: dict[str, str], attribute: str, around: str) -> str:
    shorthand = style.get("background", "")
    if "(" in style.get("background-image", "") or re.search(r"(?:url|gradient)\(", shorthand):
        return _UNTOLD
    written = style.get("background-color") or next(
        (part for part in re.split(r"\s+(?![^(]*\))", shorthand) if parse_colour(part)), attribute
    )
    found = parse_colour(written)
    if not found:
        return around
    if found.opacity == 1 or around == _UNTOLD:
        return found.code if found.opacity else around
    return mixed(around, found.code, found.opacity)


def _size(element: Any, style: dict[str, str], around: float) -> float:
    written = re.fullmatch(r"([\d.]+)(px|pt|em|rem|%)", style.get("font-size", ""))
    if not written:
        return _SIZES.get(element.tag, around)
    of = {"px": 1.0, "pt": 4 / 3, "em": around, "rem": _ROOT_SIZE, "%": around / 100}
    return float(written[1]) * of[written[2]]
