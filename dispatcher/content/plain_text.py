"""The plain-text part, made from body.html by inscriptis where nobody wrote a body.txt.

It is made once an edition: Jinja's tokens go through as words, and sample people must read the same as if
the HTML of their own message had been turned into text.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from dispatcher.content.pieces import pieces
from dispatcher.content.protect import NotSafe, with_words
from dispatcher.content.proving import RenderAll

if TYPE_CHECKING:
    from inscriptis.model.config import ParserConfig

_TAG_LINE_THEN_BLANK = re.compile(r"^((?:\{%(?:(?!%\}).)*%\})+)\n\n", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_TABLE_PARTS = ("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
_SCHEME = re.compile(r"(?:https?://|mailto:)(?:www\.)?", re.IGNORECASE)


def text_once(source: str, render_all: RenderAll) -> str:
    """A text template made from a template of HTML. NotSafe when it would tell anybody something else."""
    spoken = "".join(piece.source for piece in pieces(source) if not piece.source.startswith("{#"))
    protected, word, tokens = with_words(spoken)
    text = re.sub(rf"{word}(\d+)z", lambda match: tokens[int(match[1])], text_of(protected))
    made = _TAG_LINE_THEN_BLANK.sub(r"\1\n", text)
    for html, once in zip(render_all(source, "body.html"), render_all(made, "body.txt"), strict=True):
        if html is not None and (once is None or text_of(html).split() != once.split()):
            raise NotSafe("one of the sample people would read something else than the HTML says")
    return made


def text_of(html: str) -> str:
    """Part of an HTML document as plain text: a block a paragraph, links as `words <https://...>`."""
    from inscriptis.html_engine import Inscriptis
    from lxml.html import fragment_fromstring

    tree = fragment_fromstring(html, create_parent="div")
    for element in list(tree.iter()):
        _prepare(element)
    text: str = Inscriptis(tree, _config()).get_text()
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip("\n") + "\n"


def _prepare(element: Any) -> None:
    """What inscriptis can't know: tables that only lay out aren't tables, and `&` is no entity any more."""
    if element.tag in _TABLE_PARTS and _lays_out(element):
        element.tag = "p" if element.tag == "table" else "div"
    if element.tag == "a" and (target := element.get("href")):
        _tell_target(element, target)
    if element.tag == "img" and element.get("alt"):
        element.tail = f"[{element.get('alt')}]{element.tail or ''}"
    for part in ("text", "tail"):
        if words := getattr(element, part):
            setattr(element, part, words.replace("&", "&amp;"))


def _lays_out(element: Any) -> bool:
    table = element if element.tag == "table" else next(element.iterancestors("table"), None)
    return table is not None and table.get("role") in {"presentation", "none", None}


def _tell_target(link: Any, target: str) -> None:
    """Behind a link's words stands where it leads (RFC 3986, appendix C), unless they say so themselves."""
    words = " ".join(link.text_content().split())
    said, meant = (_SCHEME.sub("", address).rstrip("/") for address in (words, target))
    if said == meant:
        del link[:]
        link.text = target
    elif len(link):
        link[-1].tail = f"{link[-1].tail or ''} <{target}>"
    else:
        link.text = f"{words} <{target}>"


@cache
def _config() -> "ParserConfig":
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.model.config import ParserConfig

    return ParserConfig(css=CSS_PROFILES["strict"].copy())
