"""Links that lead nowhere, or not safely."""

from collections.abc import Iterator
from typing import NamedTuple

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity, Trial
from dispatcher.content.links import host_of, is_unencrypted, linked, places_in_text, problem_with
from dispatcher.content.manifest import MANIFEST
from dispatcher.rules.shorteners import is_public_shortener


class Link(NamedTuple):
    """A link or a picture's address in one of the parts that somebody would get."""

    address: str
    part: str
    offset: int
    trial: Trial


def each_link(trial: Trial) -> Iterator[Link]:
    """Every link of every part."""
    for part, traced in trial.traced.items():
        if part == "html":
            for element in trial.page.elements:
                for address in linked(element.tag, element.attributes.items()):
                    yield Link(address, part, element.offset, trial)
        else:
            for offset, address in places_in_text(traced.text):
                yield Link(address, part, offset, trial)


def wrong_links(draft: Draft) -> Iterator[Finding]:
    """Links that are empty, relative, malformed, or lead to this machine; and http ones."""
    for link in (link for trial in draft.trials for link in each_link(trial)):
        problem = problem_with(link.address)
        if problem or is_unencrypted(link.address):
            severity = Severity.ERROR if problem else Severity.WARNING
            problem = problem or "is http: anybody on the way can read or change it"
            mend = "Write the whole address, beginning with https://."
            if not link.address.strip():
                mend = "Write an address, or give campaign.toml an action_url."
            yield Finding(*where(draft, link), severity, f"The link {link.address!r} {problem}.", mend)


def shortened_links(draft: Draft) -> Iterator[Finding]:
    """Links of public shorteners: carriers drop texts that have one, and mail filters count it."""
    for link in (link for trial in draft.readings for link in each_link(trial)):
        if is_public_shortener(host_of(link.address)):
            severity, who = Severity.WARNING, "spam filters"
            if link.part == "sms":
                severity, who = Severity.ERROR, "carriers"
            problem = f"{link.address} is of a public shortener: {who} distrust it."
            yield Finding(*where(draft, link), severity, problem, "Write the address that it leads to.")


def where(draft: Draft, link: Link) -> tuple[str, int | None]:
    """The line that has the link; one of campaign.toml where only that has it."""
    folder = link.trial.written.folder
    if link.address and link.address not in draft.source.sources.get(folder + FILES[link.part], ""):
        file, line = draft.place(link.address, folder + MANIFEST, MANIFEST)
        if line:
            return file, line
    return draft.spot(link.trial, link.part, link.offset)
