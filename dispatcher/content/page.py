"""An HTML document as mail clients take it apart: elements, words and style sheets by offset, and slips."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from dispatcher.content.nesting import VOID, Element, Nesting, Slip

__all__ = ["Element", "Page", "Slip", "Words", "read_page"]

_NO_WORDS = frozenset({"script", "style", "title"})  # whose content isn't read in the message
_DRAWINGS = frozenset({"svg", "math"})  # in which <path/> closes itself
_SAYING = ("alt", "title")
_IN_NO_NAME = re.compile(r"[\"'<=]")
_COMMENT = re.compile(r"<!--(.*?)(-->|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text between two tags, or what an attribute says."""

    text: str
    offset: int
    within: Element | None
    attribute: str = ""  # that says them: alt or title


@dataclass(slots=True)
class Page:
    """A document, taken apart."""

    elements: list[Element] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    styles: list[Words] = field(default_factory=list)  # what stands in <style>
    titles: list[str] = field(default_factory=list)
    slips: Sequence[Slip] = ()

    def all(self, *tags: str) -> list[Element]:
        """The elements with one of these tags, in order."""
        return [element for element in self.elements if element.tag in tags]


def read_page(html: str) -> Page:
    """Take a document apart; it is never too broken for that."""
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    reader.nesting.finish()
    reader.page.slips = sorted(_endless_comment(html) or reader.nesting.slips, key=lambda slip: slip.offset)
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.page = Page()
        self.nesting = Nesting()
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in reversed(attrs)}  # of two, the first counts
        element = Element(tag, attributes, self._offset())
        self.nesting.begin(element)
        self.nesting.slips += _wrong_attributes(element, [name for name, _ in attrs])
        self.page.elements.append(element)
        for name in _SAYING:
            if attributes.get(name):
                self.page.words.append(Words(attributes[name], element.offset, element, name))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in VOID:
            return
        drawn = ":" in tag or any(element.tag in _DRAWINGS for element in self.nesting.open)
        self.nesting.open.pop()
        if not drawn:
            mend = f"Write <{tag}></{tag}>."
            self.nesting.slips.append(Slip(self._offset(), f"<{tag}/> doesn't close itself.", mend))

    def handle_endtag(self, tag: str) -> None:
        self.nesting.end(tag, self._offset())

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        within = self.nesting.open[-1] if self.nesting.open else None
        if within is None or within.tag not in _NO_WORDS:
            blanks = len(data) - len(data.lstrip())
            self.page.words.append(Words(data, self._offset() + blanks, within))
        elif within.tag == "style":
            self.page.styles.append(Words(data, self._offset(), within))
        elif within.tag == "title":
            self.page.titles.append(data.strip())

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _wrong_attributes(element: Element, names: Sequence[str]) -> list[Slip]:
    tag, slips = element.tag, []
    if odd := next((name for name in names if _IN_NO_NAME.search(name)), ""):
        problem = f"A quotation mark is missing in <{tag}>, near {odd!r}."
        slips.append(Slip(element.offset, problem, f"Close it in <{tag}>."))
    if twice := next((name for name in names if names.count(name) > 1), ""):
        problem = f"<{tag}> has {twice} twice; the second is ignored."
        slips.append(Slip(element.offset, problem, "Keep one.", grave=False))
    return slips


def _endless_comment(html: str) -> list[Slip]:
    """A comment that ends only with the next one, or never: what it swallows would be slips too."""
    endless = (match for match in _COMMENT.finditer(html) if not match[2] or "<!--" in match[1])
    problem, mend = "A comment begins here and never ends.", "End it with -->."
    return [Slip(match.start(), problem, mend) for match in endless][:1]
