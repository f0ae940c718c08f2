"""What would keep a message from arriving well, or in time."""

from collections.abc import Iterator
from datetime import timedelta

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity
from dispatcher.content.edition import why_inline_each
from dispatcher.content.manifest import MANIFEST

_SOON = timedelta(hours=24)  # many read an email on the day after
_LARGEST_HTML = 102_400  # octets; Gmail clips what is longer, and the link to leave with it


def too_big(draft: Draft) -> Iterator[Finding]:
    """HTML that Gmail would clip."""
    sizes: dict[str, int] = {}
    for trial in draft.trials:
        file = draft.source.shown(trial.written.folder + FILES["html"])
        sizes[file] = max(sizes.get(file, 0), len(trial.parts.get("html", "").encode()))
    for file, size in sizes.items():
        if size > _LARGEST_HTML:
            problem = f"The message has {size:,} bytes; Gmail cuts off what is over {_LARGEST_HTML:,}."
            yield Finding(file, None, Severity.ERROR, problem, "Shorten it, or move pictures out of it.")


def deadline_passed(draft: Draft) -> Iterator[Finding]:
    """A campaign that is over."""
    deadline = draft.frozen.deadline
    if deadline and deadline <= draft.now:
        file, line = draft.place("deadline", MANIFEST)
        problem = f"The deadline passed on {deadline:%Y-%m-%d at %H:%M} UTC."
        yield Finding(file, line, Severity.ERROR, problem, "Nothing would be sent: set a later one, or none.")


def deadline_soon(draft: Draft) -> Iterator[Finding]:
    """A campaign that is over before many have read it."""
    deadline = draft.frozen.deadline
    if deadline and draft.now < deadline <= draft.now + _SOON:
        hours, minutes = divmod(round((deadline - draft.now).total_seconds() / 60), 60)
        file, line = draft.place("deadline", MANIFEST)
        problem = f"The deadline is in {hours} hours {minutes} minutes: who reads it tomorrow is too late."
        yield Finding(file, line, Severity.WARNING, problem, "Say the hour in the subject and in the text.")


def inlined_each(draft: Draft) -> Iterator[Finding]:
    """CSS that has to be inlined in every message, because it isn't the same for all."""
    if not draft.frozen.inline_each:
        return
    # Who cannot be written to at all is told of already.
    unwritable = {trial.written.language for trial in draft.trials if "html" in trial.failures}
    for written in draft.source.languages.values():
        if written.language in unwritable:
            continue
        reason = why_inline_each(
            written.language, draft.frozen.languages[written.language], draft.organisation
        )
        if reason:
            file = draft.source.shown(written.folder + FILES["html"])
            problem = f"CSS has to be inlined in each message, which takes about 10 ms: {reason}."
            yield Finding(
                file, None, Severity.WARNING, problem, "Choose styles without regard to the person."
            )
