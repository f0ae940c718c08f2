"""Every kind of mistake has its own finding, with file and line, and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mistakes import CAMPAIGN, MISTAKES, Mistake

from dispatcher.content.check import Finding, Severity, check
from dispatcher.content.edition import Organisation
from dispatcher.content.load import CampaignSource, load_campaign

WriteCampaign = Callable[..., CampaignSource]
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
FOLDER = Path("templates/campaigns/budget")


def shown(finding: Finding) -> tuple[str, int | None]:
    """Where a finding is, from the campaign's folder on."""
    file = Path(finding.file)
    return str(file.relative_to(FOLDER) if file.is_relative_to(FOLDER) else file), finding.line


def test_the_campaign_without_a_mistake_has_no_finding(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    assert check(write_campaign(files=dict(CAMPAIGN)), organisation, now=NOW) == []


@pytest.mark.parametrize("slug", ["daca", "everybody-2024", "healthcare", "senators"])
def test_a_shipped_campaign_has_no_finding(slug: str, organisation: Organisation) -> None:
    assert check(load_campaign(slug), replace(organisation, from_name="ICIRR alerts"), now=NOW) == []


def test_there_are_many_mistakes_and_each_has_a_name() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 25


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: str(mistake.name))
def test_a_mistake_has_its_own_finding_and_no_other(
    write_campaign: WriteCampaign, organisation: Organisation, mistake: Mistake
) -> None:
    source = write_campaign(files=mistake.files())
    findings = check(source, replace(organisation, **mistake.settings), now=NOW)
    assert [shown(finding) for finding in findings] == [mistake.where], findings
    assert mistake.problem in findings[0].problem
    assert findings[0].severity is (Severity.ERROR if mistake.error else Severity.WARNING)
    assert findings[0].mend.endswith((".", "?"))
