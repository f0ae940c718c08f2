"""`dispatch check`: the files, and with a house those who would get them."""

from pathlib import Path

import pytest
from campaigns import write_campaign
from conftest import OpenHouse
from people import add_list, add_people

from dispatcher.content.check import Severity
from dispatcher.errors import UnknownCampaign
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.settings import load_settings
from dispatcher.usecases.preflight import Preflight, preflight


@pytest.fixture(autouse=True)
def _no_spamassassin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def looked_over(house: House, slug: str = "budget") -> Preflight:
    return preflight(house.settings, house, slug, now=house.db.now())


def test_a_campaign_with_people_on_its_lists_has_no_finding(house: House, tmp_path: Path) -> None:
    write_campaign(tmp_path, languages=["en", "es"])
    add_list(house)
    add_people(house, 3)
    looked = looked_over(house)
    assert (looked.findings, looked.errors) == ((), 0)
    assert {channel: part.total for channel, part in looked.survey.channels.items()} == {
        Channel.EMAIL: 3,
        Channel.SMS: 3,
    }
    assert [(one.language, one.channel) for one in looked.sign_offs] == [
        ("es", Channel.EMAIL),
        ("es", Channel.SMS),
    ]


def test_a_channel_that_reaches_nobody_is_a_warning(house: House, tmp_path: Path) -> None:
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    add_list(house)
    [finding] = looked_over(house).findings
    assert (Path(finding.file).name, finding.line, finding.severity) == ("campaign.toml", 3, Severity.WARNING)
    assert finding.problem == "Nobody would get it by email: no one on daca can be written to."


def test_readers_of_a_language_that_is_not_there_are_told_of(house: House, tmp_path: Path) -> None:
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    add_list(house)
    add_people(house, 2, language="pl")
    add_people(house, 1, language="fr")
    polish, french = looked_over(house).findings
    assert polish.problem == "2 people read 'pl' and would get no email: it isn't written in that."
    assert french.problem == "1 person reads 'fr' and would get no email: it isn't written in that."
    assert (polish.file, polish.severity) == ("templates/campaigns/budget/pl", Severity.WARNING)


def test_a_list_that_is_not_there_is_an_error(house: House, tmp_path: Path) -> None:
    write_campaign(tmp_path, lists=["dacca"])
    add_list(house)
    looked = looked_over(house)
    [finding] = looked.findings
    assert (Path(finding.file).name, finding.line, looked.errors) == ("campaign.toml", 3, 1)
    assert finding.problem == "There is no list 'dacca'."
    assert finding.mend.startswith("There are: daca.")
    assert looked.survey.channels == {}


def test_lists_that_are_written_over_several_lines_are_found_all_the_same(
    house: House, tmp_path: Path
) -> None:
    folder = write_campaign(tmp_path)
    manifest = (folder / "campaign.toml").read_text().replace("lists =", "  lists =")
    (folder / "campaign.toml").write_text(manifest)
    [finding] = looked_over(house).findings
    assert finding.line is None


def test_without_a_house_the_files_are_looked_over(tmp_path: Path, house: House) -> None:
    write_campaign(tmp_path)
    looked = preflight(load_settings(), None, "budget", now=house.db.now())
    assert (looked.findings, looked.survey.channels, looked.sign_offs) == ((), {}, ())


def test_errors_come_first(house: House, tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    (folder / "sms.txt").write_text("ICIRR: TODO")
    add_list(house)
    severities = [finding.severity for finding in looked_over(house).findings]
    assert severities == [Severity.ERROR, Severity.WARNING, Severity.WARNING]


@pytest.mark.parametrize(
    ("bounces_to", "warned"),
    [("", False), ("bounces@mail.example.org", False), ("bounces@example.com", True)],
)
def test_a_return_path_elsewhere_without_a_signature_is_warned_of(
    open_house_with: OpenHouse, tmp_path: Path, bounces_to: str, warned: bool
) -> None:
    house = open_house_with(from_email="alerts@example.org", bounces_to=bounces_to)
    write_campaign(tmp_path)
    add_list(house)
    add_people(house, 1)
    expected = "Mail from example.org that returns to example.com passes DMARC only if the relay signs"
    problems = [finding.problem for finding in looked_over(house).findings]
    assert [problem.partition(" for ")[0] for problem in problems] == [expected] * warned


def test_pages_are_asked_for_only_when_that_is_wished(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # where nobody listens
    write_campaign(tmp_path)
    add_list(house)
    add_people(house, 1)
    assert looked_over(house).findings == ()
    looked = preflight(house.settings, house, "budget", now=house.db.now(), online=True)
    assert ["can't be reached" in finding.problem for finding in looked.findings] == [True]


def test_an_unknown_campaign_is_refused(house: House) -> None:
    with pytest.raises(UnknownCampaign):
        looked_over(house, "no-such")
