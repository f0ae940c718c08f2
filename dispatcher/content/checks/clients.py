"""HTML and CSS that mail clients don't show: the tables are in content/client_support.py."""

import re
from collections.abc import Iterator

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity, Trial
from dispatcher.content.client_support import AT_RULES, DECLARATIONS, ELEMENTS, FORBIDDEN, Gap

_LARGEST_STYLE = 8192  # octets: Gmail leaves a longer <style> out, whole
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"(?<![\w-])([a-z-]+)\s*:\s*([^;{}]*)(?=[;}]|$)", re.IGNORECASE)


def elements_left_out(draft: Draft) -> Iterator[Finding]:
    """Elements that clients take out. Filters take some of them for an attack: those are errors."""
    for trial in draft.readings:
        for element in trial.page.elements:
            spot = draft.spot(trial, "html", element.offset)
            if element.tag in FORBIDDEN:
                problem = f"<{element.tag}> is taken out by every mail client, and looks like an attack."
                yield Finding(*spot, Severity.ERROR, problem, FORBIDDEN[element.tag])
            for gap in ELEMENTS:
                if gap.pattern.fullmatch(element.tag):
                    yield _finding(spot, gap)


def styles_left_out(draft: Draft) -> Iterator[Finding]:
    """CSS that clients ignore, where the message would come apart without it."""
    for trial in draft.readings:
        for offset, css in _style_sheets(trial):
            for match in _DECLARATION.finditer(css):
                declaration = f"{match[1]}: {' '.join(match[2].split())}".lower()
                for gap in DECLARATIONS:
                    if gap.pattern.match(declaration):
                        yield _finding(draft.spot(trial, "html", offset + match.start()), gap)
            for gap in AT_RULES:
                for match in gap.pattern.finditer(css):
                    yield _finding(draft.spot(trial, "html", offset + match.start()), gap)


def styles_too_big(draft: Draft) -> Iterator[Finding]:
    """A <style> that is left of inlining and longer than Gmail reads."""
    for trial in draft.readings:
        for sheet in _STYLE.findall(trial.parts.get("html", "")):
            if (size := len(sheet.encode())) > _LARGEST_STYLE:
                file = draft.source.shown(trial.written.folder + FILES["html"])
                problem = (
                    f"A <style> of {size:,} bytes stays: Gmail reads {_LARGEST_STYLE:,}, and else none of it."
                )
                mend = "Shorten what is in @media, or split it into two <style>."
                yield Finding(file, None, Severity.WARNING, problem, mend)


def _style_sheets(trial: Trial) -> Iterator[tuple[int, str]]:
    """CSS, comments blanked out, and where it begins: each <style>, and each style attribute."""
    for words in trial.page.styles:
        yield words.offset, _COMMENT.sub(lambda comment: " " * len(comment[0]), words.text)
    for element in trial.page.elements:
        yield element.offset, element.attributes.get("style", "")


def _finding(spot: tuple[str, int | None], gap: Gap) -> Finding:
    what, page = gap.what[0].upper() + gap.what[1:], f"caniemail.com/features/{gap.page}"
    problem = f"{what}: {gap.clients} don't show it ({page})."
    return Finding(*spot, Severity.WARNING, problem, gap.instead)
