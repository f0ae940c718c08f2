"""Look a campaign over before it is sent: `dispatch check`, and `dispatch send` before it asks."""

from collections.abc import Callable, Iterator
from datetime import datetime

from dispatcher.content.checks.delivery import deadline_passed, inlined_each, too_big
from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.content.checks.law import no_leave_link, no_postal_address, no_sender, no_stop
from dispatcher.content.checks.links import wrong_links
from dispatcher.content.checks.words import missing_parts, still_the_starters, unknown_variables, unwritable
from dispatcher.content.edition import Frozen, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.content.parts import Organisation

__all__ = ["Finding", "Severity", "check", "check_frozen"]

CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    missing_parts,
    still_the_starters,
    unknown_variables,
    unwritable,
    wrong_links,
    no_leave_link,
    no_postal_address,
    no_stop,
    no_sender,
    too_big,
    deadline_passed,
    inlined_each,
)


def check(source: CampaignSource, organisation: Organisation, *, now: datetime) -> list[Finding]:
    """Everything that isn't right with a campaign, errors first; nothing when it can be sent.

    Raises BrokenCampaign when a layout or an include can't be put together.
    """
    return check_frozen(source, freeze(source, organisation), now=now)


def check_frozen(source: CampaignSource, frozen: Frozen, *, now: datetime) -> list[Finding]:
    """As `check`, for who has frozen the campaign already (which takes most of the time)."""
    draft = Draft(source, frozen.organisation, frozen, now)
    found = dict.fromkeys(finding for look in CHECKS for finding in look(draft))
    return sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)
