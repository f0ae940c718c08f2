"""What sample people get of a template: the proof that something may be done to its source beforehand."""

from collections.abc import Callable

from dispatcher.content.context import same_for_all, variables
from dispatcher.content.parts import LanguageContent, Organisation
from dispatcher.content.samples import sample_people
from dispatcher.content.templating import compile_part, render_part
from dispatcher.errors import RenderFailed

# A source, and the name of the file that it stands for, into what each sample person gets of it; None for
# whom it can't be written: an attribute that not everybody has, of which `check` speaks.
RenderAll = Callable[[str, str], list[str | None]]


def sampled(language: str, content: LanguageContent, organisation: Organisation, source: str) -> RenderAll:
    """A renderer for the people whom `source` tells apart."""
    same = same_for_all(language, content, organisation)
    everybody = [variables(person, same) for person in sample_people(language, [source])]

    def render_all(changed: str, name: str) -> list[str | None]:
        template = compile_part(changed, name)
        rendered: list[str | None] = []
        for values in everybody:
            try:
                rendered.append(render_part(template, values))
            except RenderFailed:
                rendered.append(None)
        return rendered

    return render_all
