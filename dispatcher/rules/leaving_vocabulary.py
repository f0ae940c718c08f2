"""The words of leaving in every language, from `leaving_words/`: whole texts, and parts of sentences."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from dispatcher.rules.folding import words

_FOLDER = Path(__file__).parent / "leaving_words"
# A class's letter in the sentences that rules.free_text reads; where a word is in two, the first one counts.
CLASSES = {
    "quotes": "Q",
    "keep": "H",
    "out": "O",
    "cause": "K",
    "cease": "C",
    "cease_weak": "c",
    "contact": "T",
    "not": "N",
    "no": "n",
    "thanks": "G",
    "filler": "F",
    "plain": "f",
    "list": "L",
    "me": "M",
    "mine": "Y",
    "want": "W",
    "take": "R",
    "send": "S",
    "these": "D",
}
UNKNOWN = "X"
COURTEOUS = frozenset("FGM")  # what may stand around a keyword without changing it
_STEM = "*"
_TYPO_FROM = 7  # letters: in shorter words one letter makes another word

Phrase = tuple[str, ...]


@lru_cache(maxsize=1)
def _files() -> dict[str, dict[str, list[str]]]:
    """Language -> row -> phrases, as they were written."""
    return {
        file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(_FOLDER.glob("*.toml"))
    }


def languages() -> list[str]:
    """Every language that there are words for."""
    return list(_files())


def phrases(row: str) -> Iterator[tuple[str, str]]:
    """Language and phrase of each in one row, as written."""
    for language, rows in _files().items():
        for phrase in rows.get(row, ()):
            yield language, phrase


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, list[tuple[Phrase, str]]], list[tuple[Phrase, str, str]]]:
    """By their first word the phrases and their letter, longest first; and those that end in a stem."""
    whole: dict[Phrase, str] = {}
    stems: dict[tuple[Phrase, str], str] = {}
    for row, letter in CLASSES.items():
        for _, phrase in phrases(row):
            parts = tuple(words(phrase))
            if phrase.endswith(_STEM):
                stems.setdefault((parts[:-1], parts[-1]), letter)
            else:
                whole.setdefault(parts, letter)
    by_first: dict[str, list[tuple[Phrase, str]]] = {}
    for parts, letter in sorted(whole.items(), key=lambda one: -len(one[0])):
        by_first.setdefault(parts[0], []).append((parts, letter))
    ordered = sorted(stems.items(), key=lambda one: -len(one[0][0]))
    return by_first, [(before, stem, letter) for (before, stem), letter in ordered]


def class_of_all(given: Sequence[str]) -> list[tuple[str, int]]:
    """The letters of a clause, each with how many words it stands for; the longest phrase wins."""
    spelled = [_corrected(word) for word in given]
    found = []
    at = 0
    while at < len(spelled):
        letter, size = _class_at(spelled, at)
        found.append((letter, size))
        at += size
    return found


def _class_at(given: Sequence[str], at: int) -> tuple[str, int]:
    by_first, stems = _tables()
    best = (UNKNOWN, 0)
    for parts, letter in by_first.get(given[at], ()):
        if tuple(given[at : at + len(parts)]) == parts:
            best = (letter, len(parts))
            break
    for before, stem, letter in stems:
        end = at + len(before)
        fits = len(before) >= best[1] and end < len(given) and given[end].startswith(stem)
        if fits and tuple(given[at:end]) == before:
            return letter, len(before) + 1
    return best if best[1] else (UNKNOWN, 1)


def _corrected(word: str) -> str:
    """A long word that is one slip of the fingers away from one of ours, as we write it."""
    if len(word) < _TYPO_FROM or word in _known():
        return word
    return next((known for known in _known_by_letter().get(word[0], ()) if _one_slip(known, word)), word)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    by_first, stems = _tables()
    inside = {word for held in by_first.values() for parts, _ in held for word in parts}
    return frozenset(
        inside | {stem for _, stem, _ in stems} | {word for before, _, _ in stems for word in before}
    )


@lru_cache(maxsize=1)
def _known_by_letter() -> dict[str, list[str]]:
    """The long words by their first letter, which few get wrong."""
    long: dict[str, list[str]] = {}
    for word in sorted(_known()):
        if len(word) >= _TYPO_FROM:
            long.setdefault(word[0], []).append(word)
    return long


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was added, left out, replaced, or two were swapped."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    rest, longer = one[start:], other[start:]
    if len(one) < len(other):
        return rest == longer[1:]
    swapped = rest[:2] == longer[:2][::-1] and rest[2:] == longer[2:]
    return swapped or rest[1:] == longer[1:]
