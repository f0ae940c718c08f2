"""The words around a campaign, in each of its languages: all there, whole, no dearer than they must be."""

from collections.abc import Iterator
from itertools import groupby
from string import Formatter

from dispatcher.content.catalogue import CHROME, Catalogue, Place, catalogue_for, english
from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.content.checks.spellings import forces, other_spelling
from dispatcher.content.checks.written_texts import mostly_gsm
from dispatcher.rules import sms

_STOP_LINE = f"{CHROME}.reply_stop"
_ALONE = 160  # characters of the GSM alphabet in one segment
_UNKNOWN_LENGTH = 24  # of what stands in a gap: a link of our own, a code


def slips_in_catalogues(draft: Draft) -> Iterator[Finding]:
    """Words that have lost a gap or a word that carriers listen for, and so aren't used."""
    for catalogue in _catalogues(draft):
        for key, problem in catalogue.slips.items():
            place = catalogue.places[key]
            mend = "Mend it; what stands in { }, and STOP, START, HELP and OK, stay as they are."
            yield Finding(place.file, place.line, Severity.ERROR, f"{key} {problem}", mend)


def missing_words(draft: Draft) -> Iterator[Finding]:
    """Words of a message that aren't translated; of pages and answers, which are English then, a warning."""
    for catalogue in _catalogues(draft):
        missing = [
            key for key in english().words if key not in catalogue.words and key not in catalogue.slips
        ]
        for key in (key for key in missing if _in_message(key)):
            place = _place(catalogue, key)
            problem = f"{key} is {_state(catalogue, key)}."
            yield Finding(place.file, place.line, Severity.ERROR, problem, _translate(catalogue, key))
        others = [key for key in missing if not _in_message(key)]
        for _, keys in groupby(others, key=lambda key: key.partition(".")[0]):
            yield _of_pages(catalogue, list(keys))
        for key in sorted(catalogue.fuzzy - set(missing)):  # a file of the working folder over a shipped one
            place = catalogue.places[key]
            problem = f"{key} is {_state(catalogue, key)}: the shipped words are used."
            yield Finding(place.file, place.line, Severity.WARNING, problem, _translate(catalogue, key))


def costly_frame_words(draft: Draft) -> Iterator[Finding]:
    """Letters outside the GSM alphabet in what is said by text, in a language that can do without them."""
    for catalogue in _catalogues(draft, texts=True):
        for key, words in catalogue.words.items():
            forcing = sms.forcing_characters(words)
            if _by_text(key) and forcing and mostly_gsm(words) and (costs := _costs(draft, key, words)):
                place = catalogue.places[key]
                problem = f"{key}: {forces(forcing)}. {costs}"
                yield Finding(place.file, place.line, Severity.WARNING, problem, other_spelling(forcing))


def _catalogues(draft: Draft, *, texts: bool = False) -> list[Catalogue]:
    """Those of the campaign's languages, each once; with `texts`, of those that it has a text in."""
    content = draft.frozen.languages
    languages = (name for name in draft.source.languages if not texts or content[name].sms is not None)
    found = (catalogue for catalogue in map(catalogue_for, languages) if catalogue)
    return list({catalogue.language: catalogue for catalogue in found}.values())


def _of_pages(catalogue: Catalogue, keys: list[str]) -> Finding:
    """The words of one section of pages and answers that are shown in English, each with its line."""
    places = [_place(catalogue, key) for key in keys]
    named = ", ".join(
        f"{key} (line {place.line})" if place.line and len(keys) > 1 else key
        for key, place in zip(keys, places, strict=True)
    )
    problem = f"Pages and answers say this in English, for it is {_state(catalogue, *keys)}: {named}."
    first = min(places, key=lambda place: place.line or 0)
    return Finding(first.file, first.line, Severity.WARNING, problem, _translate(catalogue, *keys))


def _state(catalogue: Catalogue, *keys: str) -> str:
    guessed = catalogue.fuzzy & set(keys)
    if not guessed:
        return "not translated"
    return "marked fuzzy" if guessed == set(keys) else "not translated or marked fuzzy"


def _translate(catalogue: Catalogue, *keys: str) -> str:
    looked = "Look at what is marked fuzzy, a tool's guess, and take the mark away."
    if catalogue.fuzzy.issuperset(keys):
        return looked
    there = catalogue.places.keys() >= set(keys)
    how = "Translate it." if there else f"Copy what isn't there from {english().file}, and translate it."
    return f"{how} {looked}" if catalogue.fuzzy & set(keys) else how


def _place(catalogue: Catalogue, key: str) -> Place:
    return catalogue.places.get(key, Place(catalogue.file, None))


def _in_message(key: str) -> bool:
    return key.startswith(f"{CHROME}.")


def _by_text(key: str) -> bool:
    """Whether words leave as a text, or in one."""
    return (
        key == _STOP_LINE or key.startswith("text.") or (key.startswith("notice.") and key.endswith("_sms"))
    )


def _costs(draft: Draft, key: str, words: str) -> str:
    """What these letters cost, in words; nothing where it is nothing."""
    if key == _STOP_LINE:
        most = sms.segments(words.ljust(_ALONE, "x"))
        return f"A text of {_ALONE} characters that ends with it takes {most} segments instead of 1."
    facts = {"org": draft.organisation.from_name, "contact": draft.organisation.from_email}
    filled = "".join(
        text + ("" if gap is None else "x" * len(facts.get(gap, "x" * _UNKNOWN_LENGTH)))
        for text, gap, _, _ in Formatter().parse(words)
    )
    plain = "".join("x" if char in sms.forcing_characters(filled) else char for char in filled)
    now, before = sms.segments(filled), sms.segments(plain)
    return f"Each takes {now} segments instead of {before}." if now > before else ""
