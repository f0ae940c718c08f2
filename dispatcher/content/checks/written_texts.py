"""Every language's text as its author wrote it: what the checks of texts look at."""

from collections.abc import Iterator
from dataclasses import replace

from dispatcher.content.checks.draft import Draft
from dispatcher.content.context import Person
from dispatcher.content.load import LanguageSource
from dispatcher.content.personal import body_for
from dispatcher.content.render import Compiled
from dispatcher.content.samples import sample_people
from dispatcher.rules import sms


def texts_of(draft: Draft) -> Iterator[tuple[LanguageSource, list[str]]]:
    """Every language's texts, for readers whose own words are plain; none where it can't be written."""
    compiled = Compiled(draft.frozen, short_links=draft.text_facts.short_links)
    for written in draft.source.languages.values():
        if draft.frozen.languages[written.language].sms is not None:
            people = map(_plain, sample_people(written.language, written.files.values()))
            bodies = [body for person in people if (body := body_for(compiled, person))]
            if bodies:  # else it can't be written for anybody, which is told of already
                yield written, bodies


def mostly_gsm(body: str) -> bool:
    """Whether a text's language is written in letters that are mostly in the GSM alphabet."""
    letters = [char for char in body if char.isalpha()]
    forcing = frozenset(sms.forcing_characters(body))
    return sum(char in forcing for char in letters) * 2 < len(letters)


def _plain(person: Person) -> Person:
    values = person.attributes.items()
    return replace(
        person,
        first_name=person.first_name and "Maria",
        last_name=person.last_name and "Garcia",
        attributes={key: "Sample" if sms.forcing_characters(value) else value for key, value in values},
    )
