"""What an author forgot in the words: another system's tokens, filler, notes, and English dates."""

import re
from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity, Trial

_TOKENS = re.compile(
    r"\{\{|\}\}|\{%|%\}"  # Jinja's, in a value or with a space too many
    r"|%[A-Z][A-Z_]{2,}%"  # %FNAME%
    r"|\*\|[A-Z][^|]*\|\*"  # *|FNAME|*, Mailchimp
    r"|\[\[[^\]]+\]\]|<<[^>]+>>"  # [[name]], <<Name>>
    r"|\[(?:first|last|full|your)[ _-]?name\]"  # [First Name]
    r"|\$\{[^}]*\}|(?<![{\w])\{[a-z_]+\}(?!\})"  # ${name}, {name}
    r"|%7B%7B|%%[a-z_]+%%",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\blorem ipsum\b|\bdolor sit amet\b", re.IGNORECASE)
_NOTES = re.compile(r"\b(?:FIXME|XXX+|TBD|TK TK)\b")
_TODO = re.compile(r"\bTO-?DO\b")
_TODO_AS_NOTE = re.compile(r"\bTO-?DO\s*:")
_SAYING_ALL = frozenset({"es", "pt", "gl", "it"})  # where it is a word
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_ENGLISH_TIME = re.compile(
    rf"\b(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b\d{1,2}(?::\d\d)?\s?(?:am|pm|AM|PM)\b|\b(?:noon|midnight|tonight|tomorrow)\b"
)


def leftover_tokens(draft: Draft) -> Iterator[Finding]:
    """A token of a template, ours or another system's, that stayed in what somebody would read."""
    for trial in draft.readings:
        for part, offset, words in _written(trial):
            for match in _TOKENS.finditer(words):
                mend = "Write {{ first_name }} and the like; `dispatch preview` shows what comes of it."
                problem = f"{match[0]} would be sent as it stands: nothing is put in its place."
                spot = draft.spot(trial, part, offset + match.start())
                yield Finding(*spot, Severity.ERROR, problem, mend)


def leftover_notes(draft: Draft) -> Iterator[Finding]:
    """Filler, and notes to oneself."""
    for trial in draft.readings:
        todo = _TODO_AS_NOTE if trial.written.language.partition("-")[0] in _SAYING_ALL else _TODO
        for part, offset, words in trial.spoken():
            for pattern in (_FILLER, _NOTES, todo):
                for match in pattern.finditer(words):
                    spot = draft.spot(trial, part, offset + match.start())
                    problem = f"{match[0]!r} looks as if something is still to be written here."
                    yield Finding(*spot, Severity.ERROR, problem, "Write it, or take it out.")


def english_dates(draft: Draft) -> Iterator[Finding]:
    """A date or a time that stayed English in a translation."""
    for trial in draft.readings:
        if trial.written.language.partition("-")[0] == "en":
            continue
        for part, offset, words in trial.spoken():
            for match in _ENGLISH_TIME.finditer(words):
                spot = draft.spot(trial, part, offset + match.start())
                problem = f"{match[0]!r} is English, in the words for {trial.written.language!r}."
                mend = "Write it as that language does, or leave it to {{ deadline|date }}."
                yield Finding(*spot, Severity.WARNING, problem, mend)


def _written(trial: Trial) -> Iterator[tuple[str, int, str]]:
    """What is read, and the addresses behind it."""
    yield from trial.spoken()
    for element in trial.page.elements:
        for name in ("href", "src"):
            if element.has(name):
                yield "html", element.offset, element.attributes[name]
