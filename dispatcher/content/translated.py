"""How a language's parts stand to the campaign's own words that they were translated from."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatcher.content.load import CampaignSource, LanguageSource
from dispatcher.content.manifest import MANIFEST
from dispatcher.content.record import Marks, marks_of

FACTS = ("title", "button")  # of campaign.toml: what a reader sees of it


@dataclass(frozen=True, slots=True)
class Standing:
    """Parts of one language, by name: `body.html`, or `title` of campaign.toml."""

    stale: dict[str, tuple[int, ...]]  # translated from words that have changed since: which segments, from 1
    unrecorded: tuple[str, ...]  # nobody wrote down what they were translated from


def own_words(source: CampaignSource) -> LanguageSource:
    """The campaign's own language: what the others are translated from."""
    return source.languages[source.manifest.language]


def translatable(written: LanguageSource) -> dict[str, str]:
    """Everything of one language that a translator translates: its files, and its title and button."""
    facts = {"title": written.title, "button": written.button}
    return dict(written.files) | {name: facts[name] for name in FACTS if facts[name]}


def current_record(source: CampaignSource, language: str) -> dict[str, Marks]:
    """What to write down when a language's parts, all of them, fit the campaign's own words of today."""
    originals = translatable(own_words(source))
    return {
        part: marks_of(part, originals[part]) for part in _counterparts(source, source.languages[language])
    }


def standing(source: CampaignSource, written: LanguageSource) -> Standing:
    """Which parts of a language have to follow the words that they were translated from."""
    now = current_record(source, written.language)
    noted = written.translated_from
    stale = {
        part: _changed(noted[part], marks)
        for part, marks in now.items()
        if part in noted and noted[part][0] != marks[0]
    }
    return Standing(stale, tuple(part for part in now if part not in noted))


def _changed(noted: Marks, now: Marks) -> tuple[int, ...]:
    """The segments that weren't there when the part was translated; none where only the frame changed."""
    if len(now) == 1:
        return (1,)
    return tuple(number for number, mark in enumerate(now[1:], start=1) if mark not in noted)


def file_of(part: str) -> str:
    """The file that a part stands in."""
    return MANIFEST if part in FACTS else part


def _counterparts(source: CampaignSource, written: LanguageSource) -> list[str]:
    """What was translated: the language's own files and words that the campaign's own language has too."""
    originals: Mapping[str, str] = translatable(own_words(source))
    theirs = translatable(written)
    return [
        part
        for part in originals
        if part in theirs and (part not in FACTS or theirs[part] != originals[part])
    ]
