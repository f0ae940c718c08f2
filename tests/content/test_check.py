"""What a look over a campaign finds. (Each kind of mistake by itself: test_mistakes.py.)"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mistakes import CAMPAIGN

from dispatcher.content.check import Finding, Severity, check
from dispatcher.content.edition import Organisation
from dispatcher.content.load import CampaignSource
from dispatcher.paths import shipped

WriteCampaign = Callable[..., CampaignSource]
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MANIFEST = CAMPAIGN["campaign.toml"]


@pytest.fixture
def found(
    write_campaign: WriteCampaign, organisation: Organisation
) -> Callable[[dict[str, str | None]], list[Finding]]:
    """What is found of the campaign with these files instead of its own."""

    def look(changed: dict[str, str | None]) -> list[Finding]:
        return check(write_campaign(files={**CAMPAIGN, **changed}), organisation, now=NOW)

    return look


Found = Callable[[dict[str, str | None]], list[Finding]]


@pytest.mark.parametrize(
    ("name", "text", "severity", "problem"),
    [
        ("body.txt", "{{ attributes[name] }}", Severity.ERROR, "value that is named in brackets"),
        ("body.txt", "{{ name / 2 }}", Severity.ERROR, "Template error: TypeError"),
        ("subject.txt", "{{ first_name }}", Severity.ERROR, "Subject is empty"),
        ("es/body.html", None, Severity.WARNING, "body.html missing, so nobody gets email in 'es'"),
        ("body.txt", "\nhttp://localhost:8000/x", Severity.ERROR, "leads to this machine only"),
        ("campaign.toml", MANIFEST.replace("action_url", "# "), Severity.ERROR, "The link '' is empty"),
        ("body.txt", "\ufffd {{ 'x' * 3 }}", Severity.ERROR, "Template error: SecurityError"),
    ],
)
def test_what_goes_wrong_in_rendering_is_told(
    found: Found, name: str, text: str | None, severity: Severity, problem: str
) -> None:
    findings = [finding for finding in found({name: text}) if problem in finding.problem]
    assert {finding.severity for finding in findings} == {severity}


def test_only_the_language_whose_css_is_not_safe_is_named(found: Found) -> None:
    body = CAMPAIGN["es/body.html"].replace("<p>Llame", "<p id='{{ name }}'>Llame")
    [finding] = found({"es/body.html": body})
    assert Path(finding.file) == Path("templates/campaigns/budget/es/body.html")
    assert "{{ name }} can change which CSS applies" in finding.problem


def test_a_near_name_is_offered(found: Found) -> None:
    [finding] = found({"sms.txt": CAMPAIGN["sms.txt"].replace("{{ action_url }}", "{{ action_ulr }}")})
    assert finding.mend == "Did you mean action_url?"


def test_an_attribute_with_a_default_is_fine(found: Found) -> None:
    body = CAMPAIGN["body.txt"] + "{{ attributes.city|default('your town') }}\n"
    assert found({"body.txt": body}) == []


def test_every_branch_that_attributes_decide_is_got_into(found: Found) -> None:
    body = """{% set city = attributes.city|default("") %}{% set tone = attributes.tone|default("") %}
{% if city == "Joliet" and tone in ["kind", "plain"] %}a
{% elif attributes.age|default(0)|int > 64 %}b
{% elif city %}{% if tone == "warm" %}c{% endif %}{% else %}d{% endif %}
"""
    plainly = """
{% if attributes.city|default("") == "Joliet" and attributes.tone|default("") in ["kind", "plain"] %}a
{% elif attributes.age|default(0)|int > 64 %}b
{% elif attributes.city|default("") %}{% if attributes.tone|default("") == "warm" %}c{% endif %}
{% else %}d{% endif %}
"""
    assert found({"body.txt": CAMPAIGN["body.txt"] + plainly}) == []
    [finding] = found({"body.txt": CAMPAIGN["body.txt"] + body})  # what hides behind a name isn't seen
    assert (finding.line, finding.severity) == (7, Severity.WARNING)


def test_errors_come_first_and_nothing_is_said_twice(found: Found) -> None:
    findings = found(
        {"es/subject.txt": "Cuide el presupuesto, " * 3, "body.txt": CAMPAIGN["body.txt"] + "TODO"}
    )
    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.WARNING]


def test_of_a_subject_with_names_in_it_only_the_longest_is_told(found: Found) -> None:
    greeting = "{% if first_name %}{{ first_name }}, please{% else %}Please{% endif %}"
    subject = f"{greeting} keep the whole of our state's budget, all of it, this week"
    [finding] = found({"subject.txt": subject})
    assert (finding.problem.split(":")[0], finding.line) == ("The subject has 72 characters", 1)


def test_a_deadline_ahead_is_fine(found: Found) -> None:
    assert found({"campaign.toml": MANIFEST + "deadline = 2026-12-05T17:00:00-06:00\n"}) == []


def test_an_organisation_says_who_and_where_it_is(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    nameless = replace(organisation, name="", address="", from_email="")
    findings = check(write_campaign(files=dict(CAMPAIGN)), nameless, now=NOW)
    assert {(finding.file, finding.severity) for finding in findings} == {("settings", Severity.ERROR)}
    assert "postal address" in findings[0].problem
    assert len(findings) == 3


def test_a_layout_without_address_or_way_to_leave_is_noticed(
    write_layout: Callable[[str, str], Path], found: Found
) -> None:
    html = (
        "<html lang='{{ language }}' dir='{{ dir }}'><head><title>{{ title }}</title></head><body>{{ body }}"
    )
    write_layout("email.html", html + "</body></html>")
    write_layout("email.txt", "{{ body }}")
    findings = found({name: None for name in CAMPAIGN if name.startswith("es/")} | {"body.html": "<p>Hi</p>"})
    assert [(Path(finding.file).name, finding.problem) for finding in findings] == [
        ("body.html", "The message has no link to leave."),
        ("body.txt", "The message has no link to leave."),
        ("body.html", "The message has no postal address."),
        ("body.txt", "The message has no postal address."),
    ]


def test_arabic_without_a_wrapper_would_run_the_wrong_way_in_gmail(
    write_layout: Callable[[str, str], Path], found: Found
) -> None:
    frame = shipped("templates", "layouts", "email.html").read_text(encoding="utf-8")
    begin, end = frame.index("<body"), frame.rindex("</body>")
    body = frame[begin:end].replace(' dir="{{ dir }}"', "").replace(' lang="{{ language }}"', "")
    write_layout("email.html", frame[:begin] + body + frame[end:])
    arabic = {name.replace("es/", "ar/"): text for name, text in CAMPAIGN.items() if name.startswith("es/")}
    gone = {name: None for name in CAMPAIGN if name.startswith("es/")}
    [finding] = [one for one in found({**gone, **arabic}) if "Gmail takes <html> away" in one.problem]
    assert Path(finding.file) == Path("templates/layouts/email.html")


def test_a_style_that_gmail_would_leave_out_is_told(
    write_layout: Callable[[str, str], Path], found: Found
) -> None:
    frame = shipped("templates", "layouts", "email.html").read_text(encoding="utf-8")
    much = "@media print { " + ".x { color: #000000 } " * 400 + "}"
    write_layout(
        "email.html", frame.replace("</head>", f'<style data-premailer="ignore">{much}</style></head>')
    )
    findings = found({})
    assert {Path(finding.file).name for finding in findings} == {"body.html"}
    assert all("Gmail reads 8,192" in finding.problem for finding in findings)


def test_the_starter_is_right_but_for_being_the_starter(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    files = {
        path.name: path.read_text(encoding="utf-8") for path in shipped("templates", "starter").iterdir()
    }
    leftover = set(CAMPAIGN) - set(files)
    findings = check(
        write_campaign("rents", files={**files, **dict.fromkeys(leftover)}), organisation, now=NOW
    )
    assert {finding.problem for finding in findings} == {
        "This is still the example that the campaign began with."
    }
    assert {Path(finding.file).name for finding in findings} == set(files)
