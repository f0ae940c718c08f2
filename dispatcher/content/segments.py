"""A file of a campaign as a translator meets it: segments to translate, and the frame that stays as it is.

In HTML a segment is what stands between two block tags, links and emphasis within it kept; in plain text a
paragraph. `{% with button = "..." %}` gives its words, and its links, which a language may have of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dispatcher.content.templating import is_html

_BLOCKS = (
    "address|article|aside|blockquote|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|"
    "ol|p|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
# Each way through it is the only one, so that a tag that never ends is given up at once.
_JINJA = r"\{\{(?:(?!\}\}).)*\}\}|\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\}"
_NO_JINJA = r"[^'\">{]|\{(?![{%#])"
_TAG_ALONE = (
    r"^[ \t]*(?:\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})[ \t]*$"  # it holds no words of the paragraph
)
_IN_HTML = re.compile(
    rf"(<!--.*?-->|<style\b.*?</style\s*>|</?(?:{_BLOCKS})\b(?:{_JINJA}|\"[^\"]*\"|'[^']*'|{_NO_JINJA})*>|{_TAG_ALONE})",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_IN_TEXT = re.compile(rf"(\n[ \t]*(?:\n[ \t]*)+|{_TAG_ALONE})", re.DOTALL | re.MULTILINE)
_GIVES = re.compile(r"\s*\{%-?\s*(?:with|set)\b")
_QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*')")
_SHOWN = re.compile(r"\b(?:alt|title|aria-label)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")
_NOT_WORDS = re.compile(rf"{_JINJA}|<[^>]*>|&#?\w+;|{_LINK.pattern}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Segments:
    """A file in parts: a piece of the frame, a segment, a piece of the frame, and so on to a last piece."""

    frame: tuple[str, ...]  # one more than there are segments
    texts: tuple[str, ...]

    def joined(self, texts: Sequence[str]) -> str:
        """The file with other words in its segments' places."""
        between = [piece for pair in zip(self.frame, texts, strict=False) for piece in pair]
        return "".join([*between, self.frame[len(texts)]])

    def line_of(self, number: int) -> int:
        """The line that a segment begins on; segments and lines count from 1."""
        before = "".join([*self.frame[:number], *self.texts[: number - 1]])
        return before.count("\n") + 1


def segments(name: str, source: str) -> Segments:
    """A file's segments; `name` tells whether it is HTML."""
    frame, texts, pending = [], [], ""
    for piece, is_words in _pieces(source, html=is_html(name)):
        if is_words:
            frame.append(pending)
            texts.append(piece)
            pending = ""
        else:
            pending += piece
    return Segments((*frame, pending), tuple(texts))


def is_link(text: str) -> bool:
    """Whether a segment is a link and nothing else."""
    return _LINK.fullmatch(text) is not None


def _pieces(source: str, *, html: bool) -> Iterator[tuple[str, bool]]:
    """Every piece of a file, and whether it is to be translated."""
    for piece in (_IN_HTML if html else _IN_TEXT).split(source):
        if _GIVES.match(piece):
            yield from _given(piece)
        elif not _has_words(piece, html=html):
            yield piece, False
        else:
            core = piece.strip()
            before, after = piece.split(core, 1)
            yield before, False
            yield core, True
            yield after, False


def _given(tag: str) -> Iterator[tuple[str, bool]]:
    """The words and links in the quotes of a `{% with %}`."""
    for piece in _QUOTED.split(tag):
        said = _QUOTED.fullmatch(piece) and (is_link(piece[1:-1]) or _letters(piece))
        if said:
            yield piece[0], False
            yield piece[1:-1], True
            yield piece[-1], False
        else:
            yield piece, False


def _has_words(piece: str, *, html: bool) -> bool:
    if html and (_IN_HTML.fullmatch(piece) or not piece.strip()):
        return False
    shown = "".join(a or b for a, b in _SHOWN.findall(piece)) if html else ""
    return _letters(_NOT_WORDS.sub("", piece) + shown)


def _letters(text: str) -> bool:
    return any(char.isalpha() for char in text)
