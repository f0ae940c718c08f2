"""The words around every campaign, on our pages and in answers by text: `templates/locale/<language>.po`.

A gettext catalogue, which every translation tool edits. A message's context is its name here
(`chrome.why`), its id the English words. A catalogue is used once a reviewer is named in its header. Where
an entry has no words, or a slip in them, English stands in; `dispatch check` says which.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_string
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatcher.content.catalogue_entry import slip_in
from dispatcher.content.files import read_text, shown
from dispatcher.content.frozen import pick_language
from dispatcher.content.locales import direction
from dispatcher.errors import BrokenCampaign
from dispatcher.paths import shipped

if TYPE_CHECKING:
    from babel.messages import Message

SOURCE = "en"  # what the others are translated from
CHROME = "chrome"  # the section of the frame around a campaign
_REVIEWER = "x-reviewer"
_ENDING = ".po"
_BARE = re.compile(r"^msg(?:ctxt|id|str)[ \t]+[^\"\s]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: the file's path as staff know it, and the line."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's words, by their name; what isn't translated, or has a slip, is left out."""

    language: str
    file: str  # its path, as staff know it
    reviewer: str  # who has read it; nobody yet: ""
    words: Mapping[str, str] = field(repr=False)
    english: Mapping[str, str] = field(repr=False)  # what each was, or is to be, translated from
    places: Mapping[str, Place] = field(repr=False)  # of every entry
    slips: Mapping[str, str] = field(repr=False)  # why words that are there can't be used, after the name
    fuzzy: frozenset[str] = field(repr=False)  # words that are a tool's guess, and aren't used either

    def section(self, name: str) -> dict[str, str]:
        """The words whose name begins with `name.`, by the rest of it."""
        return {key.partition(".")[2]: text for key, text in self.words.items() if key.startswith(f"{name}.")}


def locale_folders() -> list[Path]:
    """Where catalogues are: the working folder's own, which may hold only a few words, and the shipped."""
    own, ours = Path.cwd() / "templates" / "locale", shipped("templates", "locale")
    return [own, ours] if own.is_dir() and own.resolve() != ours.resolve() else [ours]


def catalogues() -> dict[str, Catalogue]:
    """Every language that there is a catalogue for, reviewed or not. Raises BrokenCampaign."""
    return {language: _catalogue(language, each) for language, each in sorted(_files().items())}


def catalogue_for(language: str) -> Catalogue | None:
    """The catalogue of a language, else of it without its region or script; None when there is none."""
    files = _files()
    found = pick_language(language, files)
    return _catalogue(found, files[found]) if found else None


def english() -> Catalogue:
    """What the others are translated from."""
    return _catalogue(SOURCE, _files()[SOURCE])


def chrome(language: str) -> dict[str, str]:
    """The frame's words in a language, English where it lacks some, and its direction as `dir`."""
    found = catalogue_for(language)
    own = found.section(CHROME) if found else {}
    return {"dir": direction(language)} | english().section(CHROME) | own


def _files() -> dict[str, list[Path]]:
    """The files of each language, the shipped one first: what the working folder's own says comes over it."""
    files: dict[str, list[Path]] = {}
    for folder in reversed(locale_folders()):
        for file in folder.glob(f"*{_ENDING}"):
            files.setdefault(file.stem, []).append(file)
    return files


def _catalogue(language: str, files: Sequence[Path]) -> Catalogue:
    versions = [_read(language, file, file.stat().st_mtime_ns, shown(file)) for file in files]
    found = versions[0]
    for version in versions[1:]:
        found = _over(found, version)
    return found


def _over(below: Catalogue, above: Catalogue) -> Catalogue:
    """Two files of one language as one: what the second has words for is mended.

    They must keep what the shipped English has, whatever the file itself gives as English.
    """
    mended = {key: text for key, text in above.words.items() if not _slip_over(below, key, text)}
    lost = {key: _slip_over(below, key, text) for key, text in above.words.items() if key not in mended}
    slips = {key: problem for key, problem in below.slips.items() if key not in mended}
    return Catalogue(
        language=above.language,
        file=above.file,
        reviewer=above.reviewer or below.reviewer,
        words={**below.words, **mended},
        english={**below.english, **above.english},
        places={**below.places, **above.places},
        slips={**slips, **above.slips, **lost},
        fuzzy=(below.fuzzy - mended.keys()) | above.fuzzy,
    )


def _slip_over(below: Catalogue, key: str, words: str) -> str:
    return slip_in(key, below.english[key], words) if key in below.english else ""


@lru_cache(maxsize=64)
def _read(language: str, file: Path, _changed_at: int, path: str) -> Catalogue:
    """Parsed once for each version of a file."""
    messages = _messages(file, path)
    headers = [str(message.string) for message in messages if not message.id]
    entries = {str(message.context): message for message in messages if message.id and message.context}
    english = {key: str(message.id) for key, message in entries.items()}
    texts = {key: str(message.string) for key, message in entries.items()}
    if language == SOURCE:
        texts = {key: text or english[key] for key, text in texts.items()}
    fuzzy = frozenset(key for key, message in entries.items() if texts[key] and message.fuzzy)
    said = {key: text for key, text in texts.items() if text and key not in fuzzy}
    slips = {key: slip for key, text in said.items() if (slip := slip_in(key, english[key], text))}
    return Catalogue(
        language=language,
        file=path,
        # Babel itself keeps only those of the header's lines that it knows.
        reviewer=message_from_string("".join(headers)).get(_REVIEWER, "").strip(),
        words={key: text for key, text in said.items() if key not in slips},
        english=english,
        places={key: Place(path, message.lineno) for key, message in entries.items()},
        slips=slips,
        fuzzy=fuzzy,
    )


def _messages(file: Path, path: str) -> list["Message"]:
    """Every message of a file; the header is one whose id is empty. Raises BrokenCampaign."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import PoFileError, PoFileParser

    seen: list[Message] = []

    class Kept(Catalog):
        def __setitem__(self, key: Any, message: "Message") -> None:
            seen.append(message)
            super().__setitem__(key, message)

    text = read_text(file)
    if bare := _BARE.search(text):  # which Babel takes for no words
        line = text.count("\n", 0, bare.start()) + 1
        raise BrokenCampaign(file=path, place=f":{line}", problem='needs its words in quotes: msgstr "...".')
    try:
        PoFileParser(Kept(), ignore_obsolete=True, abort_invalid=True).parse(StringIO(text))
    except (PoFileError, ValueError, LookupError) as error:
        problem = f"isn't a gettext catalogue: {error}."
        raise BrokenCampaign(file=path, place="", problem=problem) from None
    return seen
