"""`campaign.toml`: the facts of a campaign, each checked with words that say what would be right."""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dispatcher.content.palette import ACCENT, problem_with
from dispatcher.errors import BrokenCampaign
from dispatcher.rules.actions import ThanksBy
from dispatcher.rules.alert import Channel
from dispatcher.rules.contrast import is_colour

LEVELS = ("federal", "state", "local")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")  # BCP 47: es, zh-Hans, pt-BR
MANIFEST = "campaign.toml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What campaign.toml says."""

    title: str
    level: str  # federal, state or local
    lists: tuple[str, ...]
    channels: tuple[Channel, ...]
    action_url: str
    button: str
    deadline: datetime | None  # with the offset that it was written with; nothing is sent after it
    sensitive: bool
    smart_text: bool  # typographic signs of sms.txt are spelled plainly where that saves a segment
    language: str  # that of the files beside campaign.toml
    layout: str  # the name of the frame in templates/layouts, without its ending
    color: str  # the email's accent, such as #0b4f5c; white words on it can be read
    # The card on the Calls to Action page.
    public: bool = True  # there is one
    organisation: str = ""  # whose campaign it is, where we ship it: nobody else's page shows it
    card: str | None = None  # its words; the title where there are none
    sign_up: bool = False  # its button leads to our form for the first of the lists
    read_more: str | None = None
    image: str | None = None  # a file beside campaign.toml
    image_alt: str | None = None
    # What is counted, where links are https; who clicked is kept only where no list is sensitive.
    count_clicks: bool = True
    count_opens: bool = False
    # Who has acted.
    thanks: ThanksBy = ThanksBy.EMAIL
    acted_since: date | None = None  # acts of earlier days were for another occasion: they leave nobody out


@dataclass(frozen=True, slots=True)
class LanguageManifest:
    """What a language's own campaign.toml says, where it differs."""

    title: str | None = None
    action_url: str | None = None
    button: str | None = None
    card: str | None = None
    read_more: str | None = None
    image_alt: str | None = None


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or any(ord(char) < 32 for char in value):
        raise ValueError("must be one line of text in quotes")
    return value.strip()


def _url(value: object) -> str:
    url = _text(value)
    if not re.fullmatch(r"https?://[^\s<>\"]+", url):
        raise ValueError("must be a whole link, such as https://p2a.co/abc")
    return url


def _https(value: object) -> str:
    url = _url(value)
    if not url.startswith("https://"):
        raise ValueError("must be a whole link that begins with https://")
    return url


def _picture(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][\w-]*\.(?:png|jpe?g|webp)", value):
        raise ValueError("must be the name of a file beside campaign.toml that ends in .jpg, .png or .webp")
    return value


def _level(value: object) -> str:
    if value not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}")
    return str(value)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        raise ValueError('must be a list of names, such as ["daca"]')
    for name in value:
        if not SLUG.fullmatch(name):
            raise ValueError(f"names {name!r}; a list's name has small letters, digits and hyphens")
    return tuple(value)


def _channels(value: object) -> tuple[Channel, ...]:
    if not isinstance(value, list) or not value or not all(name in tuple(Channel) for name in value):
        raise ValueError('must be ["email"], ["sms"] or ["email", "sms"]')
    return tuple(channel for channel in Channel if channel in value)


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(
            "must be a day, an hour and a zone without quotes, such as 2026-12-05T17:00:00-06:00"
        )
    return value


def _thanks(value: object) -> ThanksBy:
    if value not in tuple(ThanksBy):
        raise ValueError('must be "email", "sms" or "none"')
    return ThanksBy(str(value))


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("must be a day without quotes, such as 2026-12-01")


def _yes_or_no(value: object) -> bool:
    if value is True or value is False:
        return value
    raise ValueError("must be true or false")


def _language(value: object) -> str:
    if not isinstance(value, str) or not LANGUAGE.fullmatch(value):
        raise ValueError("must be a language's code, such as en, es or zh-Hans")
    return value


def _layout(value: object) -> str:
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        raise ValueError("must be the name of a file in templates/layouts without its ending, such as email")
    return value


def _color(value: object) -> str:
    if not isinstance(value, str) or not is_colour(value):
        raise ValueError('must be a colour such as "#0b4f5c"')
    if problem := problem_with(value.lower()):
        raise ValueError(problem)
    return value.lower()


_Reader = Callable[[object], Any]
_REQUIRED: dict[str, _Reader] = {"title": _text, "level": _level, "lists": _names}
_OPTIONAL: dict[str, tuple[_Reader, Any]] = {
    "channels": (_channels, tuple(Channel)),
    "action_url": (_url, ""),
    "button": (_text, ""),
    "deadline": (_moment, None),
    "sensitive": (_yes_or_no, False),
    "smart_text": (_yes_or_no, False),
    "language": (_language, "en"),
    "layout": (_layout, "email"),
    "color": (_color, ACCENT),
    "public": (_yes_or_no, True),
    "organisation": (_text, ""),
    "card": (_text, None),
    "sign_up": (_yes_or_no, False),
    "read_more": (_https, None),
    "image": (_picture, None),
    "image_alt": (_text, None),
    "count_clicks": (_yes_or_no, True),
    "count_opens": (_yes_or_no, False),
    "thanks": (_thanks, ThanksBy.EMAIL),
    "acted_since": (_day, None),
}
_OF_A_LANGUAGE: dict[str, tuple[_Reader, Any]] = {
    "title": (_text, None),
    "action_url": (_url, None),
    "button": (_text, None),
    "card": (_text, None),
    "read_more": (_https, None),
    "image_alt": (_text, None),
}


def read_manifest(source: str, file: str) -> Manifest:
    """The facts in `source`; BrokenCampaign with `file` and line for the first that is wrong."""
    table = _parse(source, file)
    for key in (key for key in _REQUIRED if key not in table):
        raise BrokenCampaign(file=file, place="", problem=f"has no {key}. It needs {', '.join(_REQUIRED)}.")
    readers = _REQUIRED | {key: reader for key, (reader, _) in _OPTIONAL.items()}
    defaults = {key: default for key, (_, default) in _OPTIONAL.items()}
    facts = defaults | _read(table, readers, source, file)
    if facts["sensitive"] and facts["count_opens"]:
        problem = "count_opens can't be true of a sensitive campaign: it would tell who read it."
        raise BrokenCampaign(file=file, place=_line_of("count_opens", source), problem=problem)
    return Manifest(**facts)


def read_language_manifest(source: str, file: str) -> LanguageManifest:
    """A language's own title, action_url and button; None where it has none."""
    readers = {key: reader for key, (reader, _) in _OF_A_LANGUAGE.items()}
    defaults = {key: default for key, (_, default) in _OF_A_LANGUAGE.items()}
    return LanguageManifest(**defaults | _read(_parse(source, file), readers, source, file))


def own_facts(manifest: Manifest) -> LanguageManifest:
    """What campaign.toml says of its own language."""
    return LanguageManifest(
        manifest.title,
        manifest.action_url,
        manifest.button,
        manifest.card,
        manifest.read_more,
        manifest.image_alt,
    )


def _parse(source: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f":{line[1]}" if line else ""
        raise BrokenCampaign(file=file, place=place, problem=f"isn't TOML: {error}.") from None


def _read(table: Mapping[str, Any], readers: Mapping[str, _Reader], source: str, file: str) -> dict[str, Any]:
    facts = {}
    for key, value in table.items():
        if key not in readers:
            near = difflib.get_close_matches(key, readers, n=1)
            problem = f"{key} isn't known here" + (f"; did you mean {near[0]}?" if near else ".")
            raise BrokenCampaign(file=file, place=_line_of(key, source), problem=problem)
        try:
            facts[key] = readers[key](value)
        except ValueError as error:
            raise BrokenCampaign(file=file, place=_line_of(key, source), problem=f"{key} {error}.") from None
    return facts


def _line_of(key: str, source: str) -> str:
    written = re.compile(rf"\s*\[*[\"']?{re.escape(key)}\b")
    lines = (number for number, line in enumerate(source.splitlines(), start=1) if written.match(line))
    return next((f":{number}" for number in lines), "")
