"""Where each word of a rendered part was written: its file, its line, and the branches that were taken to it.

A template is marked before it is rendered: one character of a private plane of Unicode stands before every
line's words, and behind every `{% if %}` and its like. What comes out tells the way it took; then the marks
are taken out again. Nothing is guessed from the words themselves, which may come from anywhere.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from dispatcher.content.files import shown
from dispatcher.content.layout import Shelf
from dispatcher.content.pieces import pieces

_FIRST, _LAST = 0xF0000, 0x10FFFD  # planes 15 and 16: for private use, and in no keyboard or font
_BRANCH = re.compile(r"\{%[-+]?\s*(?:if|elif|else|for)\b")


class Place(NamedTuple):
    """A line of a file as staff know it; with the tag, the beginning of a branch."""

    file: str
    line: int | None
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """What somebody would get, and where each of its words was written."""

    text: str
    offsets: tuple[int, ...] = ()  # where the words from a place begin, in order
    places: tuple[Place, ...] = ()  # of each offset

    def at(self, offset: int) -> Place | None:
        """Where the character at `offset` was written; None where nobody knows."""
        found = bisect_right(self.offsets, offset)
        return self.places[found - 1] if found else None


class Marks:
    """A character for each place, and the places back from the characters."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._known: dict[Place, str] = {}

    def mark(self, place: Place) -> str:
        """The character that stands for a place; nothing once there are more places than characters."""
        if place not in self._known:
            fits = _FIRST + len(self.places) <= _LAST
            self._known[place] = chr(_FIRST + len(self.places)) if fits else ""
            self.places.append(place)
        return self._known[place]

    def read(self, marked: str) -> Traced:
        """A rendered part without its marks, and what they told."""
        ours = re.compile(f"[{chr(_FIRST)}-{chr(min(_FIRST + len(self.places), _LAST))}]")
        words = ours.split(marked)
        places = [self.places[ord(mark) - _FIRST] for mark in ours.findall(marked)]
        return Traced("".join(words), tuple(accumulate(map(len, words[:-1]))), tuple(places))


class MarkingShelf(Shelf):
    """A shelf whose files come marked.

    What the author includes from a layout's folder counts as the line that includes it: that is the author's.
    """

    def __init__(self, folder: Path, files: Mapping[str, str], prefix: str, marks: Marks) -> None:
        super().__init__(folder, files, prefix)
        self._marks = marks
        self._own = {shown(folder / name) for name in files}

    def find(self, name: str, asked_by: str = "", place: str = "") -> tuple[str, str]:
        """As Shelf's."""
        text, file = super().find(name, asked_by, place)
        if asked_by in self._own and file not in self._own:
            included = Place(asked_by, int(place.removeprefix(":") or 0) or None)
            return self._marked(text, lambda _line: included, branches=False), file
        return self._marked(text, lambda line: Place(file, line), branches=file in self._own), file

    def _marked(self, source: str, place_of: Callable[[int], Place], *, branches: bool) -> str:
        marked, line = [], 1
        for piece in pieces(source):
            if piece.jinja:
                tag = branches and _BRANCH.match(piece.source)
                marked.append(self._marks.mark(place_of(line)) if _writes(piece.source) else "")
                marked.append(piece.source)
                marked.append(self._marks.mark(place_of(line)._replace(branch=piece.source)) if tag else "")
            else:
                marked.append(self._marked_lines(piece.source, line, place_of))
            line += piece.source.count("\n")
        return "".join(marked)

    def _marked_lines(self, words: str, first: int, place_of: Callable[[int], Place]) -> str:
        """Blank lines stay blank: a line that holds only a tag leaves none behind."""
        lines = enumerate(words.split("\n"), start=first)
        return "\n".join(
            (self._marks.mark(place_of(number)) if line.strip() else "") + line for number, line in lines
        )


def _writes(tag: str) -> bool:
    """Whether it is `{{ an output }}`; not one that takes the space before it away, a mark would keep it."""
    return tag.startswith("{{") and not tag.startswith("{{-")
