"""Jinja that survives an HTML parser: each token becomes a word or a comment, and afterwards itself again.

Inside tags, comments, `<style>` and `<title>` it stands as a bare word, between tags as an HTML comment.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dispatcher.content.pieces import pieces

# The same for everyone who reads an edition in one language: CSS that depends on it applies to all or none.
_SAME_FOR_ALL = re.compile(
    r"\{\{-?\s*(?:dir|start|language|title|button|action_url|(?:chrome|org)\.\w+)\s*-?\}\}"
)
_NOT_BETWEEN_TAGS = (
    r"<!--.*?-->"
    r"|<(style|title|script|textarea)\b.*?</\1\s*>"
    r"|<[a-z/!?](?:\"[^\"]*\"|'[^']*'|[^'\">])*>"
)
_FLAGS = re.DOTALL | re.IGNORECASE
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_SELECTED_BY = re.compile(rf"\b(?:class|id|style)\s*=\s*({_QUOTED}|[^\s>]+)", re.IGNORECASE)


class NotSafe(Exception):
    """CSS can't be inlined before the template is rendered; the words say why."""


@dataclass(frozen=True, slots=True)
class Protected:
    """HTML without Jinja, and what each word in it stands for."""

    html: str
    word: str  # what every placeholder begins with; occurs nowhere in the template
    tokens: tuple[str, ...]

    def restore(self, html: str) -> str:
        """Put the tokens back. NotSafe when one was lost, doubled or moved."""
        found = [int(number) for number in re.findall(rf"{self.word}(\d+)z", html)]
        if found != list(range(len(self.tokens))):
            strayed = next((token for n, token in enumerate(self.tokens) if found.count(n) != 1), "a token")
            raise NotSafe(f"{strayed} was lost, doubled or moved by inlining")
        placeholder = rf"<!--{self.word}(\d+)z-->|{self.word}(\d+)z"
        return re.sub(placeholder, lambda match: self.tokens[int(match[1] or match[2])], html)


def protect(source: str) -> Protected:
    """Replace each Jinja token by a placeholder. NotSafe when one decides which CSS applies to a person."""
    html, word, tokens = with_words(source)

    def place(match: re.Match[str]) -> str:
        if match["free"]:
            return f"<!--{match['free']}-->"
        if not match[0].startswith("<!--"):
            _refuse_selecting(_opening_tag(match), word, tokens)
        return match[0]

    anywhere = re.compile(rf"{_NOT_BETWEEN_TAGS}|(?P<free>{word}\d+z)", _FLAGS)
    return Protected(anywhere.sub(place, html), word, tokens)


def unquoted(source: str) -> str:
    """An `{{ output }}` in a tag without quotes around it: a name with a space would add an attribute."""
    html, word, tokens = with_words(source)
    for match in re.finditer(_NOT_BETWEEN_TAGS, html, _FLAGS):
        if not match[0].startswith("<!--"):
            for number in re.findall(rf"{word}(\d+)z", re.sub(_QUOTED, "", _opening_tag(match))):
                if tokens[int(number)].startswith("{{"):
                    return tokens[int(number)]
    return ""


def with_words(source: str) -> tuple[str, str, tuple[str, ...]]:
    """The source with a word in each token's place, what every word begins with, and the tokens."""
    word = _word_for(source)
    tokens: list[str] = []
    written: list[str] = []
    for piece in pieces(source):
        written.append(f"{word}{len(tokens)}z" if piece.jinja else piece.source)
        tokens += [piece.source] if piece.jinja else []
    return "".join(written), word, tuple(tokens)


def _opening_tag(match: re.Match[str]) -> str:
    """A tag; of an element whose content is no HTML (`<style>`), its opening tag."""
    return re.sub(r">.*", ">", match[0], flags=re.DOTALL) if match[1] else match[0]


def _word_for(source: str) -> str:
    """What stands in no source: its own hash. In small letters, for a parser changes the case in tags."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    return "jinja" + digest.translate(str.maketrans("0123456789", "ghijklmnop"))


def _refuse_selecting(tag: str, word: str, tokens: Sequence[str]) -> None:
    """A token in a class, an id or a style, or around attributes, can change what a selector finds."""
    bare = re.sub(_QUOTED, "", tag)
    around = re.findall(rf"(?<!=){word}(\d+)z", bare)
    inside = [number for value in _SELECTED_BY.findall(tag) for number in re.findall(rf"{word}(\d+)z", value)]
    for number in around + inside:
        token = tokens[int(number)]
        if not _SAME_FOR_ALL.fullmatch(token):
            raise NotSafe(f"{token} can change which CSS applies")
