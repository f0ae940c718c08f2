"""`dispatch check`: all that can be known of a campaign before `dispatch send` asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatcher.content.check import Finding, Severity, check_frozen, in_order
from dispatcher.content.checks.online import dead_links
from dispatcher.content.checks.spam import spam_points
from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource, load_campaign
from dispatcher.content.personal import always_tells_stop
from dispatcher.errors import UnknownList
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.dmarc import aligned
from dispatcher.settings import Settings
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.audience_findings import audience_findings, unknown_list
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.sign_offs import SignedOff, signed_off
from dispatcher.usecases.survey import Survey, survey
from dispatcher.usecases.text_audience import text_facts


@dataclass(frozen=True, slots=True)
class Preflight:
    """A campaign, what isn't right with it, and who would get it."""

    source: CampaignSource
    findings: tuple[Finding, ...]  # errors first
    survey: Survey  # of no channel where there is no database, or not the campaign's lists
    sign_offs: tuple[SignedOff, ...] = ()
    # Language -> whether its text says how to stop without being asked.
    tells_stop: Mapping[str, bool] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many findings keep it from being sent."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)


def preflight(
    settings: Settings, house: House | None, slug: str, *, now: datetime, online: bool = False
) -> Preflight:
    """Look a campaign over, and its audience where there is a house to ask.

    SpamAssassin is asked where it is installed, which takes seconds; `online` asks for each linked page too.
    Raises UnknownCampaign, or BrokenCampaign when its files can't be read or put together.
    """
    source = load_campaign(slug)
    organisation = organisation_of(settings, practice=True)
    frozen = freeze(source, organisation)
    choice = Choice(source.manifest.channels, source.manifest.lists)
    facts = None
    seen, found = Survey(), list(_unaligned_sender(settings, organisation))
    read: tuple[SignedOff, ...] = ()
    if house is not None:
        try:
            with house.db.reading() as session:
                seen = survey(session, frozen, choice, settings, now=now)
                read = tuple(
                    one
                    for channel in seen.channels
                    for one in signed_off(session, frozen, channel, frozen.languages_for(channel))
                )
            facts = text_facts(house, frozen, choice, at=now) if Channel.SMS in choice.channels else None
            found += audience_findings(source, seen)
        except UnknownList as error:
            found.append(unknown_list(source, error))
    besides = (spam_points, dead_links) if online else (spam_points,)
    found += check_frozen(source, frozen, now=now, text_facts=facts, besides=besides)
    stops = {language: always_tells_stop(frozen, language) for language in frozen.languages_for(Channel.SMS)}
    return Preflight(source, tuple(in_order(found)), seen, read, stops)


def _unaligned_sender(settings: Settings, organisation: Organisation) -> Iterator[Finding]:
    """A return path of another domain than From, and no signature of ours that shows who sends."""
    sends, bounces = (
        address.rpartition("@")[2] for address in (organisation.from_email, settings.bounces_to)
    )
    if bounces and settings.dkim_key is None and not aligned(sends, bounces):
        problem = (
            f"Mail from {sends} that returns to {bounces} passes DMARC only if the relay signs for {sends}."
        )
        mend = "Sign it ourselves (`dispatch dkim new`), or set DISPATCH_BOUNCES_TO to an address there."
        yield Finding("settings", None, Severity.WARNING, problem, mend)
