"""Branches of templates that nobody has ever seen."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity


def unreached_branches(draft: Draft) -> Iterator[Finding]:
    """An `{% if %}`, `{% else %}` or `{% for %}` that no sample person got into, in any language.

    Told by what was rendered, not from the condition: a mistake in it is just what this is to find.
    """
    every, taken = draft.branches
    unwritable = {
        draft.source.shown(trial.written.folder + name)
        for trial in draft.trials
        if trial.failures
        for name in trial.written.files
    }
    for place in sorted(every - taken):
        if place.file not in unwritable:
            tag = " ".join(place.branch.split())
            yield Finding(
                place.file,
                place.line,
                Severity.WARNING,
                f"No sample person got what stands behind {tag}: nobody has read it.",
                "Look at the condition, or at who gets it with `dispatch preview --to`.",
            )
