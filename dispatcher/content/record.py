"""What a translation was made from, `<language>/translated-from.toml`: a changed source makes it stale."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from dispatcher.content.files import read_text, shown
from dispatcher.content.segments import segments
from dispatcher.errors import BrokenCampaign

RECORD = "translated-from.toml"
_HEX_DIGITS = 10
_HEAD = (
    "# What these files were translated from, noted by `dispatch campaigns translate`. When the campaign's\n"
    "# own words change, `dispatch check` says which of these have to follow.\n"
)


Marks = tuple[str, ...]  # the fingerprint of a whole part, then of its segments where there are several


def marks_of(part: str, text: str) -> Marks:
    """What tells a part's source from another wording of it, and which paragraphs differ."""
    texts = segments(part, text).texts
    return tuple(map(fingerprint, (text, *(texts if len(texts) > 1 else ()))))


def fingerprint(text: str) -> str:
    """Of the words that somebody translates: blank lines and spaces at their ends don't count."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:_HEX_DIGITS]


def read_record(folder: Path) -> dict[str, Marks]:
    """Part -> the marks of its source; nothing when there is no record. Raises BrokenCampaign."""
    path = folder / RECORD
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BrokenCampaign(file=shown(path), place="", problem=f"isn't TOML: {error}.") from None
    if not all(_is_marks(value) for value in found.values()):
        problem = 'must have a line such as "subject.txt" = ["..."] for each part, and nothing else.'
        raise BrokenCampaign(file=shown(path), place="", problem=problem)
    return {part: tuple(marks) for part, marks in found.items()}


def _is_marks(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(mark, str) for mark in value)


def write_record(folder: Path, parts: Mapping[str, Marks]) -> None:
    """Keep the marks in the language's folder."""
    lines = (f"{json.dumps(part)} = {json.dumps(marks)}\n" for part, marks in sorted(parts.items()))
    (folder / RECORD).write_text(_HEAD + "".join(lines), encoding="utf-8")
