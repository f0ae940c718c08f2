"""What isn't right with whom a campaign would reach: lists, and languages that nobody has written it in."""

from collections.abc import Iterator

from dispatcher.content.check import Finding, Severity
from dispatcher.content.load import CampaignSource
from dispatcher.content.manifest import MANIFEST
from dispatcher.errors import UnknownList
from dispatcher.rules.alert import Channel
from dispatcher.usecases.survey import Survey

_NAMES = {Channel.EMAIL: "email", Channel.SMS: "text"}


def audience_findings(source: CampaignSource, seen: Survey) -> Iterator[Finding]:
    """A channel that reaches nobody, and readers of a language that the campaign hasn't."""
    for channel, part in seen.channels.items():
        missing = part.audience.languages.missing
        for reader, number in sorted(missing.items(), key=lambda pair: (-pair[1], pair[0])):
            who = "1 person reads" if number == 1 else f"{number:,} people read"
            problem = f"{who} {reader!r} and would get no {_NAMES[channel]}: it isn't written in that."
            mend = f"Begin with `dispatch campaigns translate export {source.slug} --language {reader}`."
            yield Finding(source.shown(f"{reader}/"), None, Severity.WARNING, problem, mend)
        if not part.total and not missing:
            lists = ", ".join(source.manifest.lists)
            problem = f"Nobody would get it by {_NAMES[channel]}: no one on {lists} can be written to."
            mend = "Look at `dispatch lists ls`; people come with `dispatch subscribers import`."
            yield Finding(*_lists_line(source), Severity.WARNING, problem, mend)


def unknown_list(source: CampaignSource, error: UnknownList) -> Finding:
    """A list that campaign.toml names and that there is not."""
    problem = f"There is no list {error.facts['slug']!r}."
    return Finding(*_lists_line(source), Severity.ERROR, problem, str(error.facts["suggestion"]))


def _lists_line(source: CampaignSource) -> tuple[str, int | None]:
    lines = source.manifests[MANIFEST].splitlines()
    number = next((number for number, line in enumerate(lines, start=1) if line.startswith("lists")), None)
    return source.shown(MANIFEST), number
