"""A translation remembers what it was made from; a changed source makes it stale, which `check` finds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatcher.content.check import Finding, check
from dispatcher.content.edition import Organisation
from dispatcher.content.load import CampaignSource, ListedCampaign, list_campaigns, load_campaign
from dispatcher.content.record import RECORD, read_record, write_record
from dispatcher.content.translated import current_record, standing
from dispatcher.content.translation import rows
from dispatcher.errors import BrokenCampaign
from dispatcher.rules.alert import Channel

WriteCampaign = Callable[..., CampaignSource]
SPANISH: dict[str, str | bytes | None] = {
    "es/subject.txt": "No toquen el presupuesto",
    "es/sms.txt": "ICIRR: llame hoy {{ action_url }} STOP",
    "es/campaign.toml": 'title = "Presupuesto"\nbutton = "Llame ahora"\n',
}


def about_translations(source: CampaignSource, organisation: Organisation) -> list[Finding]:
    found = check(source, organisation, now=datetime(2026, 12, 1, tzinfo=UTC))
    about = ("translated from", "reviewer", "no words around")
    return [one for one in found if any(words in one.problem for words in about)]


@pytest.mark.parametrize("one", list_campaigns(), ids=lambda one: one.slug)
def test_every_shipped_translation_is_of_the_words_of_today(one: ListedCampaign) -> None:
    assert one.source is not None
    for language, written in one.source.languages.items():
        if language != "en":
            assert standing(one.source, written).stale == {}, language
            assert standing(one.source, written).unrecorded == (), language


def test_a_recorded_translation_has_no_finding(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    assert about_translations(write_campaign(files=SPANISH), organisation) == []


@pytest.mark.parametrize(
    ("name", "words", "file", "line"),
    [
        ("sms.txt", "ICIRR: call tomorrow {{ action_url }} STOP", "es/sms.txt", 1),
        ("campaign.toml", None, "es/campaign.toml", 1),
    ],
)
def test_a_changed_source_makes_its_translation_stale(
    write_campaign: WriteCampaign,
    organisation: Organisation,
    name: str,
    words: str | None,
    file: str,
    line: int | None,
) -> None:
    folder = write_campaign(files=SPANISH).folder
    text = words or (folder / name).read_text().replace("Keep the budget whole", "Save the budget")
    (folder / name).write_text(text)
    [finding] = about_translations(load_campaign("budget"), organisation)
    assert (finding.severity, finding.line) == ("error", line)
    assert Path(finding.file) == Path("templates/campaigns/budget") / file
    assert "have changed since" in finding.problem
    assert "`dispatch campaigns translate accept budget --language es`" in finding.mend


def test_space_around_the_words_changes_nothing(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    folder = write_campaign(files=SPANISH).folder
    (folder / "sms.txt").write_text("\n" + (folder / "sms.txt").read_text() + "\n\n")
    assert about_translations(load_campaign("budget"), organisation) == []


def test_a_translation_without_a_record_is_a_warning(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    [finding] = about_translations(write_campaign(files=SPANISH, recorded=False), organisation)
    assert finding.severity == "warning"
    assert Path(finding.file) == Path("templates/campaigns/budget/es") / RECORD
    assert "subject.txt, sms.txt" in finding.problem or "sms.txt, subject.txt" in finding.problem


def test_words_that_are_the_sources_own_are_no_translation(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"es/sms.txt": "STOP"})
    assert set(current_record(source, "es")) == {"sms.txt"}


def test_a_language_whose_frame_nobody_has_read_is_not_sent(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    [finding] = about_translations(write_campaign(files={"ko/sms.txt": "ICIRR: STOP"}), organisation)
    assert finding.severity == "error"
    assert finding.file.endswith("templates/locale/ko.po")
    assert "The catalogue of 'ko' has no reviewer yet" in finding.problem


def test_a_language_without_words_for_the_frame_is_not_sent(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    [finding] = about_translations(write_campaign(files={"so/sms.txt": "ICIRR: STOP"}), organisation)
    assert (finding.file, finding.line, finding.severity) == ("templates/locale/so.po", None, "error")
    assert "There is no such file" in finding.problem
    assert "`dispatch campaigns translate words so`" in finding.mend


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_record(tmp_path, {"title": ("a",), "body.html": ("b", "c", "d")})
    assert read_record(tmp_path) == {"body.html": ("b", "c", "d"), "title": ("a",)}
    assert read_record(tmp_path / "none") == {}


@pytest.mark.parametrize(
    "text",
    [
        "body.html = ",
        '"body.html" = []\n',
        '"body.html" = [3]\n',
        '"body.html" = "x"\n',
        '[body]\nhtml = "x"\n',
    ],
)
def test_a_broken_record_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(BrokenCampaign, match=RECORD):
        read_record(tmp_path)


def test_the_changed_paragraph_is_named_with_the_line_of_its_translation(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    spanish: dict[str, str | bytes | None] = {
        "body.html": "<h1>Act</h1>\n<p>One</p>\n<p>Two</p>\n",
        "es/subject.txt": "Ya",
        "es/body.html": "<h1>\nActúe</h1>\n\n<p>Uno</p>\n<p>Dos</p>\n",
    }
    folder = write_campaign(files=spanish).folder
    (folder / "body.html").write_text("<h1>Act</h1>\n<p>One</p>\n<p>Three</p>\n")
    [finding] = about_translations(load_campaign("budget"), organisation)
    assert "(body.html, paragraph 3)" in finding.problem
    assert (Path(finding.file).name, finding.line) == ("body.html", 5)
    source = load_campaign("budget")
    assert [row.place for row in rows(source, "es") if row.changed] == ["body.html 3"]


def test_a_changed_layout_is_told_without_a_line(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    spanish: dict[str, str | bytes | None] = {
        "body.html": "<h1>Act</h1>\n<p>One</p>\n",
        "es/subject.txt": "Ya",
        "es/body.html": "<h1>Actúe</h1>\n<p>Uno</p>\n",
    }
    folder = write_campaign(files=spanish).folder
    (folder / "body.html").write_text('<h1>Act</h1>\n<p class="lead">One</p>\n')
    [finding] = about_translations(load_campaign("budget"), organisation)
    assert "(body.html, its layout)" in finding.problem
    assert finding.line is None


def test_a_paragraph_that_the_translation_has_not_has_no_line(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    spanish: dict[str, str | bytes | None] = {
        "body.html": "<h1>Act</h1>\n",
        "es/subject.txt": "Ya",
        "es/body.html": "<h1>Actúe</h1>\n",
    }
    folder = write_campaign(files=spanish).folder
    (folder / "body.html").write_text("<h1>Act</h1>\n<p>One</p>\n")
    [finding] = about_translations(load_campaign("budget"), organisation)
    assert "(body.html, paragraph 1, 2)" in finding.problem or "(body.html, paragraph 2)" in finding.problem


def test_a_stale_text_keeps_no_email_from_being_sent(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    folder = write_campaign(files=SPANISH).folder
    (folder / "sms.txt").write_text("ICIRR: call tomorrow {{ action_url }} STOP")
    source = load_campaign("budget")
    by_email = replace(source, manifest=replace(source.manifest, channels=(Channel.EMAIL,)))
    assert about_translations(by_email, organisation) == []
    assert len(about_translations(source, organisation)) == 1
