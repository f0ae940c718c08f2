"""The words around every campaign, on our pages and in answers by text: `templates/locale/<language>.po`.

A gettext catalogue, which every translation tool edits. A message's context is its name here
(`chrome.why`), its id the English words. A catalogue is used once a reviewer is named in its header.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_string
from functools import lru_cache
from io import StringIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's words, by their name; what isn't translated is left out."""

    language: str
    file: str  # its path, as staff know it
    reviewer: str  # who has read it; nobody yet: ""
    words: Mapping[str, str] = field(repr=False)
    english: Mapping[str, str] = field(repr=False)  # what each was, or is to be, translated from

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


def chrome(language: str) -> dict[str, str]:
    """The frame's words in a language, and its direction as `dir`; BrokenCampaign when some are missing."""
    found = catalogue_for(language)
    if found is None:
        raise BrokenCampaign(
            file=f"templates/locale/{language}{_ENDING}",
            place="",
            problem=f"isn't there, so there are no words around a message in {language!r}. Begin it as "
            "docs/adding-a-language.md says.",
        )
    words, english = found.section(CHROME), catalogue_for(SOURCE)
    missing = sorted((english.section(CHROME).keys() if english else set()) - words.keys())
    if missing:
        names = ", ".join(f"{CHROME}.{name}" for name in missing)
        raise BrokenCampaign(file=found.file, place="", problem=f"has no words for {names}. Translate them.")
    return {"dir": direction(language)} | words


def _files() -> dict[str, list[Path]]:
    """The files of each language, the shipped one first: what the working folder's own says comes over it."""
    files: dict[str, list[Path]] = {}
    for folder in reversed(locale_folders()):
        for file in folder.glob(f"*{_ENDING}"):
            files.setdefault(file.stem, []).append(file)
    return files


def _catalogue(language: str, files: Sequence[Path]) -> Catalogue:
    versions = [_read(language, file, file.stat().st_mtime_ns, shown(file)) for file in files]
    return Catalogue(
        language=language,
        file=versions[-1].file,
        reviewer=versions[-1].reviewer or versions[0].reviewer,
        words={key: text for version in versions for key, text in version.words.items()},
        english={key: text for version in versions for key, text in version.english.items()},
    )


@lru_cache(maxsize=64)
def _read(language: str, file: Path, _changed_at: int, path: str) -> Catalogue:
    """Parsed once for each version of a file."""
    messages = _messages(file, path)
    words, english, reviewer = {}, {}, ""
    for message in messages:
        if not message.id:  # the header; Babel itself keeps only those of its lines that it knows
            reviewer = message_from_string(str(message.string)).get(_REVIEWER, "").strip()
        elif message.context:
            english[message.context] = str(message.id)
            text = str(message.string) or (str(message.id) if language == SOURCE else "")
            if text and not message.fuzzy:  # fuzzy: a tool's guess, which a person has yet to look at
                _refuse_other_gaps(message, text, path)
                words[message.context] = text
    return Catalogue(language, path, reviewer, words, english)


def _refuse_other_gaps(message: "Message", text: str, path: str) -> None:
    """What stands in braces is filled in: a translation can't have gaps that its source hasn't."""
    place = f":{message.lineno}" if message.lineno else ""
    try:
        strange = _gaps(text) - _gaps(str(message.id))
    except ValueError as error:
        raise BrokenCampaign(file=path, place=place, problem=f"{message.context}: {error}.") from None
    if strange:
        problem = (
            f"{message.context} has {{{min(strange)}}}, which its English hasn't: nothing would stand there."
        )
        raise BrokenCampaign(file=path, place=place, problem=problem)


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _messages(file: Path, path: str) -> list["Message"]:
    """Every message of a file, the header first, whose id is empty. Raises BrokenCampaign."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import PoFileError, PoFileParser

    seen: list[Message] = []

    class Kept(Catalog):
        def __setitem__(self, key: Any, message: "Message") -> None:
            seen.append(message)
            super().__setitem__(key, message)

    try:
        PoFileParser(Kept(), ignore_obsolete=True, abort_invalid=True).parse(StringIO(read_text(file)))
    except (PoFileError, ValueError, LookupError) as error:
        problem = f"isn't a gettext catalogue: {error}."
        raise BrokenCampaign(file=path, place="", problem=problem) from None
    return seen
