"""What makes a text less welcome, with readers and with carriers."""

import re
from collections.abc import Iterator

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity
from dispatcher.content.checks.written_texts import mostly_gsm, texts_of
from dispatcher.content.links import links_in_text
from dispatcher.content.parts import Organisation
from dispatcher.content.samples import LEAVE_URL

_BEGINNING = 40  # characters in which a text says who writes
_SAY_NOTHING = frozenset({"alerts", "alert", "news", "updates", "team", "info", "texts", "the"})


def unnamed(draft: Draft) -> Iterator[Finding]:
    """A text that doesn't begin with who writes. (In another script the name may be spelled otherwise.)"""
    names = _names(draft.organisation)
    for written, bodies in texts_of(draft):
        begun = [
            any(name in body[: max(_BEGINNING, len(name))].casefold() for name in names) for body in bodies
        ]
        if mostly_gsm(bodies[0]) and not all(begun):
            file = draft.source.shown(written.folder + FILES["sms"])
            problem = "The text doesn't begin with the organisation's name."
            mend = (
                f"Begin it with {draft.organisation.from_name}, or its short name, so that people know you."
            )
            yield Finding(file, 1, Severity.WARNING, problem, mend)


def several_links(draft: Draft) -> Iterator[Finding]:
    """More than one link: carriers take such texts for advertising, and readers don't know which to open."""
    for written, bodies in texts_of(draft):
        links = max((_links(body) for body in bodies), key=len)
        if len(links) > 1:
            file, line = draft.place(links[1], written.folder + FILES["sms"])
            problem = f"The text has {len(links)} links."
            yield Finding(file, line, Severity.WARNING, problem, "Keep the one that matters most.")


def _names(organisation: Organisation) -> frozenset[str]:
    """What people know the organisation by: its names, their initials, and the words of the sender's name."""
    words = [word for word in re.findall(r"\w+", organisation.from_name) if len(word) > 3 or word.isupper()]
    initials = "".join(word[0] for word in organisation.name.split() if word[0].isupper())
    named = [organisation.name, organisation.name.partition(",")[0], organisation.from_name, *words]
    known = {name.casefold() for name in [*named, *([initials] if len(initials) > 2 else [])]}
    return frozenset(known - _SAY_NOTHING - {""})


def _links(body: str) -> list[str]:
    return [link for link in links_in_text(body) if link != LEAVE_URL]
