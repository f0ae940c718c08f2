"""What a translation must keep of its source: every link, every `{{ ... }}`, and tags that open and close."""

import re
from collections import Counter
from html.parser import HTMLParser

from dispatcher.content.links import links_in_html, links_in_text
from dispatcher.content.pieces import pieces
from dispatcher.content.segments import is_link

_ADDED = frozenset({"b", "bdi", "br", "em", "i", "span", "strong"})  # what a language may need more of
_VOID = frozenset({"br", "img", "wbr"})
_NAMES = re.compile(r"(?<![\w.])(?:first_name|last_name|name|greeting)\b")
_GOES_WITH_NAMES = frozenset({"{% else %}", "{% endif %}"})


def problem_with(source: str, translation: str, *, html: bool, nameless: bool = True) -> str:
    """Why a translation can't stand in for its source, in words; nothing when it can.

    `nameless` allows it to leave out the reader's name: some languages would have to bend it.
    """
    if is_link(source):
        return "" if is_link(translation.strip()) else f"{translation.strip()!r} isn't a link; {source} was."
    try:
        before, after = _tokens(source), _tokens(translation)
    except Exception as error:  # noqa: BLE001 - whatever its lexer trips over
        return f"its {{{{ }}}} aren't right: {error}."
    return (
        _about_tokens(before, after, nameless=nameless)
        or _about_links(source, translation, html=html)
        or (_about_tags(source, translation) if html else "")
    )


def _tokens(text: str) -> Counter[str]:
    """Its Jinja, however spaced."""
    return Counter(_spaced(piece.source) for piece in pieces(text) if piece.jinja)


def _spaced(token: str) -> str:
    return f"{token[:2]} {' '.join(token[2:-2].strip(' -+').split())} {token[-2:]}"


def _about_tokens(before: Counter[str], after: Counter[str], *, nameless: bool) -> str:
    lost, more = before - after, after - before
    if more:
        return f"{next(iter(more))} isn't in the source."
    of_names = nameless and any(map(_NAMES.search, lost))
    lost_otherwise = [t for t in lost if not of_names or not (_NAMES.search(t) or t in _GOES_WITH_NAMES)]
    return f"{lost_otherwise[0]} is lost." if lost_otherwise else ""


def _about_links(source: str, translation: str, *, html: bool) -> str:
    find = links_in_html if html else links_in_text
    before, after = Counter(find(source)), Counter(find(translation))
    if lost := before - after:
        return f"the link {next(iter(lost))} is lost."
    if more := after - before:
        return f"the link {next(iter(more))} isn't in the source."
    return ""


def _about_tags(source: str, translation: str) -> str:
    before, after = _Tags(source), _Tags(translation)
    strange = sorted(after.opened - before.opened - _ADDED)
    if strange:
        return f"<{strange[0]}> isn't in the source."
    return after.problem


class _Tags(HTMLParser):
    """Which tags a segment has, and whether each that opens closes in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.opened: set[str] = set()
        self.problem = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        if self._open and not self.problem:
            self.problem = f"<{self._open[-1]}> isn't closed."

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.add(tag)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.problem = self.problem or f"</{tag}> closes nothing."
