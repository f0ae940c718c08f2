"""Freeze a campaign for sending, looked over: an error stops it before anybody is asked or written to."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from dispatcher.content.check import Finding, Severity, check_frozen
from dispatcher.content.checks.text_facts import TextFacts
from dispatcher.content.checks.translations import accept_command
from dispatcher.content.edition import Frozen, Organisation, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.errors import BrokenCampaign
from dispatcher.rules.alert import Channel


def look_over(
    source: CampaignSource,
    organisation: Organisation,
    channels: Sequence[Channel],
    now: datetime,
    told: Callable[[Frozen], TextFacts] | None = None,
) -> tuple[Frozen, tuple[Finding, ...]]:
    """The campaign as an edition for these channels, and the warnings that staff should read first.

    `told` gives what the checks of its texts should know of settings and audience. Raises BrokenCampaign for
    the first error, with how many more there are.
    """
    frozen = freeze(source, organisation)
    _refuse_missing_content(source, frozen, channels)
    meant = replace(source, manifest=replace(source.manifest, channels=tuple(channels)))
    findings = check_frozen(meant, frozen, now=now, text_facts=told(frozen) if told else None)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise _refusal(source, errors)
    return frozen, tuple(findings)


def _refusal(source: CampaignSource, errors: Sequence[Finding]) -> BrokenCampaign:
    """The first error, how many more there are, and how to say of each translation that it fits still."""
    first, more = errors[0], len(errors) - 1
    commands = (f"`{accept_command(source.slug, language)}`" for language in source.languages)
    accepts = [command for command in commands if any(command in error.mend for error in errors[1:])]
    others = ", ".join(command for command in accepts if command not in first.mend)
    too = f" Other translations that fit as they are: {others}." if others else ""
    rest = f" (And {more} more: `dispatch check {source.slug}` shows all.)" if more else ""
    place = f":{first.line}" if first.line else ""
    return BrokenCampaign(file=first.file, place=place, problem=f"{first.problem} {first.mend}{too}{rest}")


def _refuse_missing_content(source: CampaignSource, frozen: Frozen, channels: Sequence[Channel]) -> None:
    """A channel that has no complete language at all can reach nobody."""
    for channel in channels:
        if not frozen.languages_for(channel):
            parts = "subject.txt, body.html and body.txt" if channel is Channel.EMAIL else "sms.txt"
            problem = f"there is nothing to send by {channel}: add {parts}, or choose another --channel."
            raise BrokenCampaign(file=source.shown(""), place="", problem=problem)
