"""The words of pages and answers in each language that has a reviewed catalogue."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from dispatcher.content.catalogue import CHROME, SOURCE, Catalogue, catalogues
from dispatcher.content.frozen import pick_language
from dispatcher.content.locales import direction
from dispatcher.paths import shipped

Words = dict[str, dict[str, Any]]  # language -> its direction as `dir`, and its sections


def page_folders() -> list[Path]:
    """Where pages are looked for, first wins: the working folder's own, then the shipped ones."""
    return [Path.cwd() / "templates" / "pages", shipped("templates", "pages")]


def page_file(name: str) -> str:
    """The text of one file of these folders."""
    path = next(file for folder in page_folders() if (file := folder / name).is_file())
    return path.read_text(encoding="utf-8")


def load_words() -> Words:
    """Every language's words: those that have a reviewer, English in place of what one lacks."""
    everything = catalogues()
    english = everything[SOURCE]
    return {
        language: _sections(english, catalogue) | {"dir": direction(language)}
        for language, catalogue in everything.items()
        if catalogue.reviewer or language == SOURCE
    }


def _sections(english: Catalogue, catalogue: Catalogue) -> dict[str, Any]:
    names = dict.fromkeys(key.partition(".")[0] for key in english.words)
    return {name: english.section(name) | catalogue.section(name) for name in names if name != CHROME}


def language_for(reader: str | None, accept_language: str, available: Collection[str]) -> str:
    """The language of an answer: the reader's own, else the first that their browser asks for, else English.

    `accept_language` is the header of RFC 9110, section 12.5.4; its order counts, its weights don't.
    """
    asked = (part.partition(";")[0].strip() for part in accept_language.split(","))
    found = (pick_language(wanted, available) for wanted in (reader or "", *asked))
    return next(filter(None, found), SOURCE)
