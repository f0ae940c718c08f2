"""Parts that are missing, and words that can't be written for everybody."""

import difflib
from collections.abc import Iterator

from jinja2 import meta, nodes

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity
from dispatcher.content.context import VARIABLES
from dispatcher.content.files import read_text
from dispatcher.content.load import PARTS, LanguageSource
from dispatcher.content.templating import parse
from dispatcher.errors import RenderFailed
from dispatcher.paths import shipped


def missing_parts(draft: Draft) -> Iterator[Finding]:
    """A channel of the campaign that a language has no parts for, or only some.

    In another language than the campaign's own it is a warning: `send` names those whom it leaves out.
    """
    for written in draft.source.languages.values():
        for channel in draft.source.manifest.channels:
            missing = [part for part in PARTS[channel] if part not in written.files]
            if not missing:
                continue
            own = written.language == draft.source.manifest.language
            yield Finding(
                file=draft.source.shown(written.folder + missing[0]),
                line=None,
                severity=Severity.ERROR if own else Severity.WARNING,
                problem=f"{', '.join(missing)} missing, so nobody gets {channel} in {written.language!r}.",
                mend="Write it, or take the channel out of campaign.toml." if own else "Write it.",
            )


def still_the_starters(draft: Draft) -> Iterator[Finding]:
    """A file that `dispatch campaigns new` made and nobody has written into."""
    for path in sorted(shipped("templates", "starter").iterdir()):
        if draft.source.sources.get(path.name) == read_text(path):
            file, problem = (
                draft.source.shown(path.name),
                "This is still the example that the campaign began with.",
            )
            yield Finding(file, None, Severity.ERROR, problem, "Write your own words.")


def unknown_variables(draft: Draft) -> Iterator[Finding]:
    """A name that no message knows, also where no sample person would meet it."""
    for written, name, tree in _templates(draft):
        unknown = meta.find_undeclared_variables(tree) - VARIABLES
        for node in tree.find_all(nodes.Name):
            if node.name in unknown:
                near = difflib.get_close_matches(node.name, VARIABLES, n=1)
                yield Finding(
                    file=draft.source.shown(written.folder + name),
                    line=node.lineno,
                    severity=Severity.ERROR,
                    problem=f"{node.name!r} isn't known here.",
                    mend=f"Did you mean {near[0]}?"
                    if near
                    else f"There are: {', '.join(sorted(VARIABLES))}.",
                )


def unwritable(draft: Draft) -> Iterator[Finding]:
    """A part that can't be written for one of the sample people."""
    unknown = {
        name for _, _, tree in _templates(draft) for name in meta.find_undeclared_variables(tree) - VARIABLES
    }
    for trial in draft.trials:
        for part, failure in trial.failures.items():
            missing = failure.detail.removeprefix(": ")
            if failure.reason == "undefined variable" and missing in unknown:
                continue
            file, line = draft.place(missing, trial.written.folder + FILES[part])
            yield Finding(file, line, Severity.ERROR, _problem(failure), _mend(failure))


def _templates(draft: Draft) -> Iterator[tuple[LanguageSource, str, nodes.Template]]:
    for written in draft.source.languages.values():
        for name, text in written.files.items():
            yield written, name, parse(text, name)


def _problem(failure: RenderFailed) -> str:
    if failure.reason == "undefined variable":
        missing = failure.detail.removeprefix(": ") or "value that is named in brackets"
        return f"Not everybody has a {missing}, so some people can't be written to."
    return f"{failure.reason.capitalize()}{failure.detail}."


def _mend(failure: RenderFailed) -> str:
    mends = {
        "undefined variable": 'Say what stands there else: {{ attributes.city|default("your town") }}.',
        "subject is empty": "Write a subject in the first line.",
        "text is empty": "Write the text, or remove the file.",
        "text is too long": "Shorten it; one segment has 160 characters, or 70 with letters beyond GSM's.",
    }
    return mends.get(failure.reason, "Try it with `dispatch preview`.")
