"""Who is about to send reads what came back of the last alerts."""

from pathlib import Path

from came_back import alert_with, become
from campaigns import write_campaign
from conftest import OpenHouse
from people import add_list, add_people

from dispatcher.content.check import Finding, Severity
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.reputation_findings import reputation_findings
from dispatcher.usecases.send_campaign import Request, plan
from fakes.smtp import SmtpServer

EMAIL, SMS = Channel.EMAIL, Channel.SMS
WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}


def found(house: House, slug: str = "budget", *channels: Channel) -> list[Finding]:
    with house.db.reading() as session:
        return list(reputation_findings(session, slug, channels or (EMAIL,)))


def test_complaints_of_the_last_alert_are_told_days_later(house: House) -> None:
    alert_with(house, {Status.SENT: 900}, hours_ago=20 * 24)
    become(house, 1, Status.COMPLAINED, 3)
    (finding,) = found(house)
    assert (finding.file, finding.line, finding.severity) == ("alert 1", None, Severity.WARNING)
    assert finding.problem.startswith(
        "3 of 900 emails of alert 1 were reported as spam (0.33%). That is over"
    )
    assert finding.problem.endswith(".")
    assert finding.mend.startswith("Before anybody else is written to, look where these people joined")
    assert found(house, "budget", SMS) == []


def test_the_channels_last_and_the_campaigns_own_last_are_asked(house: House) -> None:
    for hours_ago, slug in ((50, "budget"), (40, "rents"), (30, "budget"), (20, "schools"), (10, "rents")):
        alert_with(house, {Status.SENT: 900, Status.COMPLAINED: 3}, hours_ago=hours_ago, slug=slug)
    alert_with(house, {Status.SENT: 900, Status.COMPLAINED: 3}, hours_ago=1, practice=True)
    assert [finding.file for finding in found(house)] == ["alert 5", "alert 3"]
    assert [finding.file for finding in found(house, "rents")] == ["alert 5"]
    assert [finding.file for finding in found(house, "never sent")] == ["alert 5"]
    assert len(found(house, "budget", EMAIL, SMS)) == 2


def test_a_plan_has_them_among_its_warnings_where_it_would_reach_people(
    open_house_with: OpenHouse, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    house = open_house_with(email_url=smtp_server.url, **WHO)
    add_list(house)
    add_people(house, 2)
    write_campaign(tmp_path)
    alert_with(house, {Status.SENT: 900, Status.COMPLAINED: 3})
    alert_with(house, {Status.SENT: 900, Status.COMPLAINED: 3}, channel=SMS)
    warned = [finding.file for finding in plan(house, Request("budget", again="next")).warnings]
    assert warned.count("alert 1") == 1
    assert "alert 2" not in warned  # texts are practice here
