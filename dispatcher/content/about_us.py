"""`templates/pages/organisation.toml`: what our pages say of the organisation beyond its name and address.

The working folder's own file counts for whoever runs it. The shipped one belongs to the organisation whose
campaigns we ship, and is read for that name alone: nobody else's pages say anything of it.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dispatcher.content.files import read_text, shown
from dispatcher.content.frozen import pick_language
from dispatcher.content.manifest import LANGUAGE
from dispatcher.errors import BrokenCampaign
from dispatcher.paths import shipped

FILE = "organisation.toml"
_LINKS = ("site", "contact", "donate")
_IN_LANGUAGES = ("mission", "introduction")


@dataclass(frozen=True, slots=True)
class AboutUs:
    """All of it may be missing."""

    short_name: str = ""
    site: str = ""  # links, all https
    contact: str = ""
    donate: str = ""
    mission: Mapping[str, str] = field(default_factory=dict)  # by language
    introduction: Mapping[str, str] = field(default_factory=dict)  # of the Calls to Action page, by language
    social: Mapping[str, str] = field(default_factory=dict)  # name of the place -> link


def about_us(organisation: str) -> AboutUs:
    """What is known of the organisation with this name. Raises BrokenCampaign for a file that isn't right."""
    own = Path.cwd() / "templates" / "pages" / FILE
    if own.is_file():
        return _read(own, organisation) or AboutUs()
    return _read(shipped("templates", "pages", FILE), organisation) or AboutUs()


def in_language(words: Mapping[str, str], language: str) -> tuple[str, str]:
    """The words for a reader and the language that they are in: theirs, else the first; empty when none."""
    found = pick_language(language, words) or next(iter(words), "")
    return words.get(found, ""), found


def _read(path: Path, organisation: str) -> AboutUs | None:
    """The file's facts; None when it says that it is of another organisation."""
    try:
        table = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BrokenCampaign(file=shown(path), place="", problem=f"isn't TOML: {error}.") from None
    if table.pop("name", organisation) != organisation:
        return None
    facts = {}
    for key, value in table.items():
        try:
            facts[key] = _fact(key, value)
        except ValueError as error:
            raise BrokenCampaign(file=shown(path), place="", problem=f"{key} {error}.") from None
    return AboutUs(**facts)


def _fact(key: str, value: object) -> Any:
    if key in _LINKS:
        return _link(value)
    if key == "short_name":
        return _line(value)
    if key == "social":
        return {name: _link(link) for name, link in _table(value).items()}
    if key in _IN_LANGUAGES:
        words = _table(value)
        if wrong := next((name for name in words if not LANGUAGE.fullmatch(name)), None):
            raise ValueError(f"has {wrong!r}, which isn't a language's code, such as en, es or zh-Hans")
        return {language: _line(text) for language, text in words.items()}
    known = ("name", "short_name", *_LINKS, *_IN_LANGUAGES, "social")
    near = difflib.get_close_matches(key, known, n=1)
    raise ValueError("isn't known here" + (f"; did you mean {near[0]}?" if near else ""))


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise ValueError('must be a table, such as [mission] with en = "..."')
    return value


def _line(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be one line of text in quotes")
    return value.strip()


def _link(value: object) -> str:
    link = _line(value)
    if not link.startswith("https://") or any(char in link for char in ' <>"'):
        raise ValueError("must be a whole link that begins with https://")
    return link
