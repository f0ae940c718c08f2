"""The words of pages and answers in each language, from `templates/pages/words.toml`."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from dispatcher.paths import shipped

Words = dict[str, dict[str, Any]]  # language -> its tables

DEFAULT = "en"


def page_folders() -> list[Path]:
    """Where pages and their words are looked for, first wins: the working folder's own, then the shipped."""
    return [Path.cwd() / "templates" / "pages", shipped("templates", "pages")]


def page_file(name: str) -> str:
    """The text of one file of these folders."""
    path = next(file for folder in page_folders() if (file := folder / name).is_file())
    return path.read_text(encoding="utf-8")


def load_words() -> Words:
    """Every language's words."""
    return tomllib.loads(page_file("words.toml"))


def language_for(reader: str | None, accept_language: str, available: Collection[str]) -> str:
    """The language of an answer: the reader's own, else the first that their browser asks for, else English.

    `accept_language` is the header of RFC 9110, section 12.5.4; its order counts, its weights don't.
    """
    asked = (part.partition(";")[0].strip() for part in accept_language.split(","))
    for wanted in (reader or "", *asked):
        tag = wanted.replace("_", "-").lower()
        while tag:
            if tag in available:
                return tag
            tag = tag.rpartition("-")[0]
    return DEFAULT
