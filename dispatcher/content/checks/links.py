"""Links that lead nowhere, or not safely."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity
from dispatcher.content.links import is_unencrypted, links_in_html, links_in_text, problem_with
from dispatcher.content.manifest import MANIFEST


def wrong_links(draft: Draft) -> Iterator[Finding]:
    """Links that are empty, relative, malformed, or lead to this machine; and http ones."""
    for trial in draft.trials:
        for part, text in trial.parts.items():
            for link in links_in_html(text) if part == "html" else links_in_text(text):
                problem = problem_with(link)
                if not problem and not is_unencrypted(link):
                    continue
                folder = trial.written.folder
                names = (folder + FILES[part], folder + MANIFEST, MANIFEST)
                file, line = draft.place(link or '=""', *names)
                yield Finding(
                    file,
                    line,
                    Severity.ERROR if problem else Severity.WARNING,
                    f"The link {link!r} {problem or 'is http: anybody on the way can read or change it'}.",
                    "Write the whole address, beginning with https://.",
                )
