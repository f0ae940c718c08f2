"""The plain-text part must say what the HTML says: some read only it, and filters compare the two."""

import re
from collections.abc import Iterator

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity, Trial
from dispatcher.content.checks.links import each_link, where
from dispatcher.content.links import is_web, problem_with
from dispatcher.content.samples import VIEW_URL

_MISSING_SHARE = 0.25  # of the HTML's different words
_FEWEST = 6  # words: of a short message a few may be put otherwise
_SHOWN = 6
# Scripts without spaces between words: each sign is one there.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")


def words_not_in_text(draft: Draft) -> Iterator[Finding]:
    """HTML with many words that body.txt doesn't have."""
    for trial in _with_both(draft):
        known = {word.casefold() for word in _WORD.findall(trial.traced["text"].text)}
        said = _said(draft, trial)
        missing = [word for word in said if word not in known]
        if len(missing) >= _FEWEST and len(missing) > len(said) * _MISSING_SHARE:
            share = round(100 * len(missing) / len(said))
            file = draft.source.shown(trial.written.folder + FILES["text"])
            problem = (
                f"{share}% of the HTML's words aren't in the plain text: {', '.join(missing[:_SHOWN])} ..."
            )
            mend = "Say the same in both; without a body.txt it is made from body.html."
            yield Finding(file, None, Severity.WARNING, problem, mend)


def links_not_in_text(draft: Draft) -> Iterator[Finding]:
    """A link of the HTML that a reader of the plain text doesn't get."""
    for trial in _with_both(draft):
        links = list(each_link(trial))
        known = {link.address for link in links if link.part == "text"}
        pictures = {element.attributes.get("src") for element in trial.page.all("img")}
        for link in links:
            to_read = link.part == "html" and is_web(link.address) and not problem_with(link.address)
            if to_read and link.address not in known | pictures | {VIEW_URL}:  # it leads to this very HTML
                problem = f"The plain text doesn't have the link {link.address}."
                yield Finding(*where(draft, link), Severity.WARNING, problem, "Write it into body.txt too.")


def _with_both(draft: Draft) -> Iterator[Trial]:
    return (trial for trial in draft.readings if {"html", "text"} <= trial.traced.keys())


def _said(draft: Draft, trial: Trial) -> list[str]:
    """Each different word that the campaign's own files bring into the HTML, in order; not the frame's."""
    own = draft.source.shown("")
    runs = (
        words.text
        for words in trial.page.words
        if not words.attribute and draft.spot(trial, "html", words.offset)[0].startswith(own)
    )
    return list(dict.fromkeys(word.casefold() for run in runs for word in _WORD.findall(run)))
