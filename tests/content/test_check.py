"""Each kind of mistake has its own finding, with file, line and what to do; a good campaign has none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatcher.content.check import Finding, Severity, check
from dispatcher.content.edition import Organisation
from dispatcher.content.load import CampaignSource, load_campaign

WriteCampaign = Callable[..., CampaignSource]
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MANIFEST = 'title = "x"\nlevel = "state"\nlists = ["x"]\n'


def found(source: CampaignSource, organisation: Organisation) -> list[Finding]:
    return check(source, organisation, now=NOW)


@pytest.mark.parametrize("slug", ["daca", "everybody-2024", "healthcare", "senators"])
def test_a_shipped_campaign_has_no_finding(slug: str, organisation: Organisation) -> None:
    assert found(load_campaign(slug), organisation) == []


def test_a_good_campaign_has_no_finding(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    assert found(write_campaign(), organisation) == []


MISTAKES: list[tuple[str, str | None, str, int | None, str, str]] = [
    ("body.html", "<p>\n\n{{ frist_name }}</p>", "body.html", 3, "error", "'frist_name' isn't known here"),
    (
        "es/sms.txt",
        "{% if 0 %}{{ oops }}{% endif %}STOP",
        "es/sms.txt",
        1,
        "error",
        "'oops' isn't known here",
    ),
    ("body.txt", "a\nb {{ attributes.city }}", "body.txt", 2, "error", "Not everybody has a city"),
    ("body.txt", "{{ attributes[name] }}", "body.txt", None, "error", "value that is named in brackets"),
    ("body.txt", "{{ name / 2 }}", "body.txt", None, "error", "Template error: TypeError"),
    ("subject.txt", "\n", "subject.txt", None, "error", "Subject is empty"),
    ("subject.txt", "{{ first_name }}", "subject.txt", None, "error", "Subject is empty"),
    ("sms.txt", "STOP " * 400, "sms.txt", None, "error", "Text is too long"),
    ("sms.txt", "ICIRR: call today", "sms.txt", None, "error", "doesn't say how to stop"),
    ("sms.txt", None, "sms.txt", None, "error", "sms.txt missing, so nobody gets sms in 'en'"),
    ("body.txt", None, "body.txt", None, "error", "body.txt missing, so nobody gets email in 'en'"),
    ("es/subject.txt", "Hola", "es/body.html", None, "warning", "body.html, body.txt missing"),
    ("es/subject.txt", "Hola", "es/sms.txt", None, "warning", "nobody gets sms in 'es'"),
    (
        "body.html",
        '<p>\n<a href="/donate">x</a>',
        "body.html",
        2,
        "error",
        "The link '/donate' isn't a whole",
    ),
    ("body.html", '<a href="">x</a>', "body.html", 1, "error", "The link '' is empty"),
    ("body.html", '<img src="http://a.org/b.png">', "body.html", 1, "warning", "is http"),
    ("body.txt", "\nhttp://localhost:8000/x", "body.txt", 2, "error", "leads to this machine only"),
    ("sms.txt", "STOP https://intranet/x", "sms.txt", 1, "error", "isn't an address"),
    ("body.html", "<p>" + "x" * 102_400, "body.html", None, "error", "Gmail cuts off"),
    (
        "campaign.toml",
        MANIFEST + "deadline = 2026-11-30T17:00:00-06:00",
        "campaign.toml",
        4,
        "error",
        "passed",
    ),
    ("campaign.toml", MANIFEST + 'action_url = "http://p2a.co/x"', "campaign.toml", 4, "warning", "is http"),
    ("campaign.toml", MANIFEST, "body.html", None, "error", "The link '' is empty"),
    ("body.html", '<p class="{{ name }}">x</p>', "body.html", None, "warning", "CSS has to be inlined"),
]


@pytest.mark.parametrize(("name", "text", "file", "line", "severity", "problem"), MISTAKES)
def test_each_mistake_has_its_finding(
    write_campaign: WriteCampaign,
    organisation: Organisation,
    name: str,
    text: str | None,
    file: str,
    line: int | None,
    severity: str,
    problem: str,
) -> None:
    findings = found(write_campaign(files={name: text}), organisation)
    [finding] = [one for one in findings if problem in one.problem]
    assert Path(finding.file) == Path("templates/campaigns/budget") / file
    assert (finding.line, finding.severity) == (line, severity)
    assert finding.mend.endswith((".", "?"))


def test_only_the_language_whose_css_is_not_safe_is_named(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    spanish = {
        "es/subject.txt": "Hola",
        "es/body.html": "<p id='{{ name }}'>x</p>",
        "es/body.txt": "x",
        "es/sms.txt": "STOP",
    }
    [finding] = found(write_campaign(files=spanish), organisation)
    assert Path(finding.file) == Path("templates/campaigns/budget/es/body.html")
    assert "{{ name }} can change which CSS applies" in finding.problem


def test_a_near_name_is_offered(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    [finding] = found(write_campaign(files={"body.txt": "{{ frist_name }}"}), organisation)
    assert finding.mend == "Did you mean first_name?"


def test_an_attribute_with_a_default_is_fine(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    body = "{{ attributes.city|default('your town') }}"
    assert found(write_campaign(files={"body.txt": body}), organisation) == []


def test_errors_come_first_and_nothing_is_said_twice(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    findings = found(
        write_campaign(files={"body.html": '<a href="http://a.org">a</a>', "sms.txt": "call"}), organisation
    )
    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.WARNING]


def test_a_deadline_ahead_is_fine(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    manifest = (
        MANIFEST + 'action_url = "https://p2a.co/x"\nbutton = "Call"\ndeadline = 2026-12-05T17:00:00-06:00'
    )
    assert found(write_campaign(files={"campaign.toml": manifest}), organisation) == []


def test_an_organisation_says_who_and_where_it_is(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    nameless = replace(organisation, name="", address="", from_email="")
    findings = found(write_campaign(), nameless)
    assert {(finding.file, finding.severity) for finding in findings} == {("settings", Severity.ERROR)}
    assert "postal address" in findings[0].problem
    assert len(findings) == 3


def test_a_layout_without_address_or_way_to_leave_is_noticed(
    write_campaign: WriteCampaign,
    write_layout: Callable[[str, str], Path],
    organisation: Organisation,
) -> None:
    write_layout("email.html", "<html><body>{{ body }}</body></html>")
    write_layout("email.txt", "{{ body }}")
    findings = found(write_campaign(), organisation)
    assert [(Path(finding.file).name, finding.problem) for finding in findings] == [
        ("body.html", "The message has no link to leave."),
        ("body.txt", "The message has no link to leave."),
        ("body.html", "The message has no postal address."),
        ("body.txt", "The message has no postal address."),
    ]
