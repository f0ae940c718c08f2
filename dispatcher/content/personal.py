"""What a text says: of a person (where it says nothing of them, one text stands for all), and how to stop."""

from dataclasses import replace

from jinja2 import meta

from dispatcher.content.context import Person, same_for_all
from dispatcher.content.frozen import Frozen
from dispatcher.content.render import Compiled
from dispatcher.content.samples import sample_people
from dispatcher.content.templating import parse
from dispatcher.errors import RenderFailed
from dispatcher.rules.stop_line import tells_stop


def personal_names(frozen: Frozen, language: str) -> frozenset[str]:
    """The variables in a language's text that differ from person to person: `first_name`, `attributes` ..."""
    content = frozen.languages[language]
    named = meta.find_undeclared_variables(parse(content.sms or "", "sms.txt"))
    return frozenset(named - same_for_all(language, content, frozen.organisation).keys())


def always_tells_stop(frozen: Frozen, language: str) -> bool:
    """Whether a language's text says how to stop by itself, whoever it is for."""
    compiled = Compiled(frozen)
    people = sample_people(language, [frozen.languages[language].sms or ""])
    bodies = [body_for(compiled, replace(person, stop_due=False)) for person in people]
    return all(map(tells_stop, filter(None, bodies)))


def body_for(compiled: Compiled, person: Person) -> str:
    """One person's text; nothing where it can't be written for them, of which another check speaks."""
    try:
        return compiled.sms(person).body
    except RenderFailed:
        return ""
