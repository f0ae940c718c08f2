"""Translations that fell behind their source, and languages whose frame nobody has read."""

from collections.abc import Iterator, Sequence

from dispatcher.content.catalogue import catalogue_for
from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.content.load import LanguageSource
from dispatcher.content.record import RECORD
from dispatcher.content.segments import segments
from dispatcher.content.templating import is_html
from dispatcher.content.translated import file_of, standing
from dispatcher.content.wording import OF_CHANNEL


def accept_command(slug: str, language: str) -> str:
    """By which staff say that a translation fits the words as they are now."""
    return f"dispatch campaigns translate accept {slug} --language {language}"


def stale_translations(draft: Draft) -> Iterator[Finding]:
    """A part that was translated from words that have changed since; a warning where nobody wrote it down."""
    slug, own = draft.source.slug, draft.source.manifest.language
    channels = draft.source.manifest.channels
    elsewhere = {part for channel, parts in OF_CHANNEL.items() if channel not in channels for part in parts}
    for language, written in draft.source.languages.items():
        if language == own:
            continue
        found = standing(draft.source, written)
        accept = f"`{accept_command(slug, language)}`"
        for part, changed in found.stale.items():
            if part in elsewhere:
                continue
            what = _what(part, changed)
            problem = f"This was translated from {own} words that have changed since ({what})."
            mend = f"Translate what changed; if it fits as it is, say so: {accept}."
            yield Finding(*_place(draft, written, part, changed), Severity.ERROR, problem, mend)
        if found.unrecorded:
            parts = ", ".join(found.unrecorded)
            problem = f"Nobody wrote down which {own} words this was translated from: {parts}."
            mend = f"If it fits them as they are, say so: {accept}."
            file = draft.source.shown(written.folder + RECORD)
            yield Finding(file, None, Severity.WARNING, problem, mend)


def _what(part: str, changed: Sequence[int]) -> str:
    if file_of(part) != part or not is_html(part):
        return part
    return f"{part}, {'paragraph ' + ', '.join(map(str, changed)) if changed else 'its layout'}"


def _place(
    draft: Draft, written: LanguageSource, part: str, changed: Sequence[int]
) -> tuple[str, int | None]:
    """The file of a translation, and the line of what stands there for the first changed paragraph."""
    if file_of(part) != part:
        return draft.place(f"{part} ", written.folder + file_of(part))
    theirs = segments(part, written.files[part])
    line = theirs.line_of(changed[0]) if changed and changed[0] <= len(theirs.texts) else None
    return draft.source.shown(written.folder + part), line


def unreviewed_frames(draft: Draft) -> Iterator[Finding]:
    """A language whose catalogue has no reviewer: nothing is sent with words that nobody has read."""
    for language in draft.source.languages:
        found = catalogue_for(language)
        if found is None:
            file = f"templates/locale/{language}.po"
            problem = f"There is no such file, so there are no words around a message in {language!r}."
            mend = f"Begin it: `dispatch campaigns translate words {language}` (docs/adding-a-language.md)."
            yield Finding(file, None, Severity.ERROR, problem, mend)
        elif not found.reviewer:
            problem = f"The catalogue of {found.language!r} has no reviewer yet, so nothing is sent in it."
            mend = "Let somebody who speaks it read the file, and put their name behind its X-Reviewer."
            yield Finding(found.file, None, Severity.ERROR, problem, mend)
