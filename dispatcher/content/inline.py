"""CSS inlined into HTML by premailer: once an edition where that is proved safe, else in each message."""

import logging
import re
from functools import cache, lru_cache
from html.parser import HTMLParser
from urllib.parse import unquote

from dispatcher.content.protect import NotSafe, protect
from dispatcher.content.proving import RenderAll
from dispatcher.errors import BrokenCampaign

_NAME = "body.html"
_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>\s*", re.IGNORECASE)
_CONDITIONAL = re.compile(r"<!(?:--)?\[if\b[^\]]*\]>|<!\[endif\](?:--)?>", re.IGNORECASE)
# premailer would overwrite the attributes that a layout sets for Outlook: a width of 600 by one of 100%.
_LEAVE_ATTRIBUTES = ["align", "bgcolor", "height", "valign", "width"]


def inline_css(html: str) -> str:
    """A whole HTML document with its style sheets in style attributes.

    `<style data-premailer="ignore">` stays as it is (media queries, dark mode), as do the doctype and
    Outlook's conditional comments. Nothing is fetched. BrokenCampaign when a conditional would be lost.
    """
    doctype = _DOCTYPE.match(html)
    inliner = _offline_premailer()(
        allow_network=False,
        cssutils_logging_level=logging.CRITICAL,
        disable_validation=True,
        disable_basic_attributes=_LEAVE_ATTRIBUTES,
        align_floating_images=False,
        strip_important=False,
    )
    inlined: str = inliner.transform(html[doctype.end() :] if doctype else html, pretty_print=False)
    if _CONDITIONAL.findall(inlined) != _CONDITIONAL.findall(html):
        raise BrokenCampaign(
            file="body.html",
            place="",
            problem="an Outlook conditional would be lost; write <!--[if mso]> ... <![endif]--> or "
            "<!--[if !mso]><!--> ... <!--<![endif]-->.",
        )
    return f"{doctype[0].strip() if doctype else '<!DOCTYPE html>'}\n{inlined}"


@cache
def _offline_premailer() -> type:
    """premailer, its CSS parser kept from fetching what `@import` names (`allow_network` doesn't)."""
    from cssutils import CSSParser  # type: ignore[import-untyped]
    from premailer import Premailer

    @lru_cache(maxsize=16)
    def parsed(css: str, validate: bool) -> object:
        return CSSParser(fetcher=lambda _url: (None, "")).parseString(css, validate=validate)

    class Offline(Premailer):  # type: ignore[misc]  # premailer has no types
        def _parse_css_string(self, css_body: str, validate: bool = True) -> object:
            return parsed(css_body, validate)

    return Offline


def inline_once(source: str, render_all: RenderAll) -> str:
    """A template's source with its CSS inlined, proved to give sample people what inlining afterwards would.

    NotSafe when it can't be done or proved.
    """
    protected = protect(source)
    once = protected.restore(inline_css(protected.html))
    afterwards, before = render_all(source, _NAME), render_all(once, _NAME)
    if not any(afterwards):
        raise NotSafe("no sample person's message can be written")
    for late, early in zip(afterwards, before, strict=True):
        if late is not None and (early is None or normalised(early) != normalised(inline_css(late))):
            raise NotSafe("inlining before rendering gives one of the sample people something else")
    return once


def normalised(html: str) -> list[tuple[str, ...]]:
    """A document as a mail client sees it: tags with attributes in any order, collapsed text, comments."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add("<", tag, *sorted(f"{name}={_attribute(name, value or '')}" for name, value in attrs))

    def handle_endtag(self, tag: str) -> None:
        self._add("</", tag)

    def handle_comment(self, data: str) -> None:
        self._add("<!--", " ".join(data.split()))

    def handle_data(self, data: str) -> None:
        if words := data.split():
            self._add("", *words)

    def _add(self, *event: str) -> None:
        if event[0] == "" and self.seen and self.seen[-1][0] == "":
            self.seen[-1] += event[1:]
        else:
            self.seen.append(event)


def _attribute(name: str, value: str) -> str:
    if name == "style":
        return ";".join(part.strip() for part in value.split(";") if part.strip())
    return unquote(value)  # the serialiser percent-encodes links; which CSS applies doesn't change by it
