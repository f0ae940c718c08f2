"""A campaign that was looked over, in words: findings by file, who would get it, whether it can be sent."""

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from dispatcher.cli.colour import coloured
from dispatcher.cli.cost_words import cost_json, took
from dispatcher.cli.counting import people
from dispatcher.cli.finding_words import finding_json
from dispatcher.cli.sign_off_words import sign_off_json, sign_off_lines
from dispatcher.content.check import Finding, Severity
from dispatcher.rules.alert import Channel
from dispatcher.rules.text_cost import in_all
from dispatcher.usecases.preflight import Preflight

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_CHANNELS = {Channel.EMAIL: "Email", Channel.SMS: "Texts"}
_STOP = {
    True: "each says how to stop",
    False: "how to stop is added to a number's first text, and once a month",
}
_MARGIN = 16  # where the words of a finding begin
_WIDEST = 100  # columns that eyes follow easily


def check_lines(looked: Preflight) -> Iterator[str]:
    """What staff read: the findings of each file together, the worst file first."""
    yield coloured(looked.source.title, bold=True)
    for file, findings in by_file(looked.findings):
        yield ""
        yield coloured(file, bold=True)
        for finding in findings:
            yield from _finding_lines(finding)
    yield ""
    yield from _audience_lines(looked)
    yield verdict_line(looked)


def by_file(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Files in the order of their first finding, which is errors first; their findings by line."""
    order = {finding.file: number for number, finding in reversed(list(enumerate(findings)))}
    sort = sorted(findings, key=lambda finding: (order[finding.file], finding.line or 0))
    return [(file, list(found)) for file, found in groupby(sort, key=lambda finding: finding.file)]


def verdict(looked: Preflight) -> str:
    """Whether it can be sent, what was found in numbers, and what to do next."""
    slug, errors = looked.source.slug, looked.errors
    counted = ((errors, "error"), (len(looked.findings) - errors, "warning"))
    found = ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counted if number)
    if errors:
        return f"{slug} can't be sent: {found}. Mend it, then run `dispatch check {slug}` again."
    return f"{slug} is ready{f', with {found}' if found else ''}. Read it with `dispatch preview {slug}`."


def verdict_line(looked: Preflight) -> str:
    """The same in red, yellow or green."""
    colour = "red" if looked.errors else "yellow" if looked.findings else "green"
    return coloured(verdict(looked), fg=colour, bold=True)


def check_json(looked: Preflight) -> dict[str, Any]:
    """Everything as one object; with errors, `error` as every refusal has it."""
    result: dict[str, Any] = {
        "campaign": looked.source.slug,
        "ok": not looked.errors,
        "errors": looked.errors,
        "warnings": len(looked.findings) - looked.errors,
        "findings": [finding_json(finding) for finding in looked.findings],
        "people": {str(channel): dict(part.people) for channel, part in looked.survey.channels.items()},
        "texts": {
            language: cost_json(cost)
            for part in looked.survey.channels.values()
            for language, cost in part.texts.items()
        },
        "tells_stop": dict(looked.tells_stop),
        "read": sign_off_json(looked.sign_offs),
    }
    refused = {"error": {"code": "broken_campaign", "message": verdict(looked)}}
    return result | (refused if looked.errors else {})


def _finding_lines(finding: Finding) -> Iterator[str]:
    """`  error    12  What is wrong.` and, below it, what to do."""
    line = "" if finding.line is None else str(finding.line)
    severity = coloured(f"{finding.severity:<7}", fg=_COLOURS[finding.severity])
    problem, *more = _wrapped(finding.problem)
    yield f"  {severity} {line:>4}  {problem}"
    yield from (" " * _MARGIN + words for words in more)
    yield from (" " * _MARGIN + coloured(words, dim=True) for words in _wrapped(finding.mend))


def _wrapped(words: str) -> list[str]:
    """As wide as the terminal; whole where nobody looks, for programs search by line."""
    if not sys.stdout.isatty():
        return [words]
    room = min(shutil.get_terminal_size().columns, _WIDEST) - _MARGIN
    return textwrap.wrap(words, max(room, 20), break_long_words=False, break_on_hyphens=False) or [""]


def _audience_lines(looked: Preflight) -> Iterator[str]:
    for channel, part in looked.survey.channels.items():
        costs = f": {took(in_all(part.texts.values()))}" if part.texts else ""
        yield f"{_CHANNELS[channel]} to {people(part.total)}{costs}"
        for language, cost in part.texts.items():
            yield f"  {language}: {took(cost)}; {_STOP[looked.tells_stop.get(language, False)]}"
        yield from (
            f"  {line}" for line in sign_off_lines(s for s in looked.sign_offs if s.channel is channel)
        )
    if looked.survey.channels:
        yield ""
