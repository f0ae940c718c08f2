"""Findings about texts: what costs, who writes, how many links."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dispatcher.content.check import Finding, Severity, check_frozen
from dispatcher.content.checks.text_facts import TextFacts
from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.rules.text_cost import TextCost

WriteCampaign = Callable[..., CampaignSource]
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
WORDS = "Coalition: call your senators today and ask for a budget that keeps every clinic open"
LONG_LINK = TextFacts(short_links={"en": "https://alerts.coalition.example.org/k/0001aB3d"})
FOR_ALL = TextFacts(costs=lambda: {"en": TextCost(1204, 2408, Decimal("19.264"), currency="USD")})


def found(
    source: CampaignSource, organisation: Organisation, facts: TextFacts | None = None
) -> list[Finding]:
    """What is said of the texts."""
    findings = check_frozen(source, freeze(source, organisation), now=NOW, text_facts=facts)
    return [finding for finding in findings if finding.file.endswith("sms.txt")]


def only(findings: list[Finding]) -> Finding:
    (one,) = findings
    assert one.severity is Severity.WARNING
    return one


def test_a_letter_that_costs_is_named_with_its_line(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    source = write_campaign(files={"sms.txt": f"{WORDS},\nsí. STOP\n"})
    finding = only(found(source, organisation))
    assert (finding.file, finding.line) == ("templates/campaigns/budget/sms.txt", 2)
    assert finding.problem == "í forces UCS-2: 2 segments instead of 1."
    assert finding.mend == "Look for other words in place of those with í; don't misspell them."


def test_what_it_costs_for_everybody_is_told(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    source = write_campaign(files={"sms.txt": f"{WORDS}. Llámenos. STOP\n"})
    finding = only(found(source, organisation, FOR_ALL))
    expected = "á forces UCS-2: 2 segments instead of 1 for 1,204 people, $9.63 more."
    assert finding.problem == expected


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        (TextCost(1, 2, unpriced=2), "instead of 1 for 1 person."),
        (TextCost(), "instead of 1."),
        (TextCost(2, 4, Decimal("0.4"), currency="CAD"), "for 2 people, 0.20 CAD more."),
    ],
)
def test_money_is_told_where_there_are_prices_and_people(
    write_campaign: WriteCampaign, organisation: Organisation, cost: TextCost, told: str
) -> None:
    source = write_campaign(files={"sms.txt": f"{WORDS}. Llámenos. STOP\n"})
    assert only(found(source, organisation, TextFacts(costs=lambda: {"en": cost}))).problem.endswith(told)


def test_a_sign_has_a_spelling_and_a_setting(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    text = f"{WORDS}\u2014it\u2019s ours\u2026 STOP"
    finding = only(found(write_campaign(files={"sms.txt": text}), organisation))
    assert finding.problem.startswith("\u2014, \u2019 and \u2026 force UCS-2")
    assert finding.mend == (
        "Write - for \u2014, ' for \u2019 and ... for \u2026, or set smart_text = true in campaign.toml."
    )


def test_with_smart_text_signs_cost_nothing(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    text = f"{WORDS}\u2014it\u2019s ours\u2026 STOP"
    source = write_campaign(files={"sms.txt": text, "campaign.toml": _facts("smart_text = true\n")})
    assert found(source, organisation) == []
    source = write_campaign(files={"sms.txt": f"{text} sí", "campaign.toml": _facts("smart_text = true\n")})
    assert "campaign.toml" not in only(found(source, organisation)).mend


def test_what_is_no_letter_and_has_no_spelling_is_to_be_left_out(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    source = write_campaign(files={"sms.txt": f"{WORDS}\u200b 😀\u00a0now. STOP"})
    finding = only(found(source, organisation))
    assert finding.problem.startswith("U+200B, 😀 and U+00A0 force UCS-2")
    assert finding.mend.startswith("Write nothing for U+200B and a space for U+00A0, or set")
    assert finding.mend.endswith("Leave 😀 out.")


def test_a_character_from_the_facts_is_found_there(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    button = _facts().replace("Call now", "Llámenos")
    source = write_campaign(files={"sms.txt": f"{WORDS}. {{{{ button }}}} STOP", "campaign.toml": button})
    findings = check_frozen(source, freeze(source, organisation), now=NOW)
    assert ("templates/campaigns/budget/campaign.toml", 5) in [(one.file, one.line) for one in findings]


@pytest.mark.parametrize(
    "text",
    [
        "Coalition: sí. STOP",  # one segment all the same
        "Coalition: ¡Mañana, José! " + "a" * 100 + " STOP",  # all of it in GSM
        "Coalition:\n" + "صوتكم مهم اليوم. اكتبوا إلى من يمثلونكم في الكونغرس " * 2 + "STOP",
        "Coalition: {{ first_name }} {{ attributes.city|default('') }} " + "a" * 90 + " STOP",
    ],
)
def test_what_costs_nothing_or_cannot_be_helped_is_not_told(
    write_campaign: WriteCampaign, organisation: Organisation, text: str
) -> None:
    assert found(write_campaign(files={"sms.txt": text}), organisation) == []


def test_the_short_link_is_what_is_counted(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    source = write_campaign(files={"sms.txt": "Coalition: sí {{ action_url }}\nReply STOP to stop"})
    assert found(source, organisation) == []
    letter, _ = found(source, organisation, LONG_LINK)
    assert letter.problem == "í forces UCS-2: 2 segments instead of 1."


def test_a_short_link_that_is_longer_and_costs_a_segment_is_told(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    source = write_campaign(
        files={"sms.txt": f"{WORDS}, and again.\n{{{{ action_url }}}}\nReply STOP to stop"}
    )
    dear = only(found(source, organisation, replace(FOR_ALL, short_links=LONG_LINK.short_links)))
    assert (dear.line, dear.mend.endswith("DISPATCH_SHORT_LINKS=off.")) == (2, True)
    assert dear.problem == ("The short link makes it 2 segments instead of 1 for 1,204 people, $9.63 more.")
    roomy = write_campaign(files={"sms.txt": "Coalition: {{ action_url }} STOP"})
    assert found(roomy, organisation, LONG_LINK) == []


def test_a_text_without_a_name_is_told(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    source = write_campaign(
        files={"sms.txt": "Call your senators today and ask them to vote no. Coalition. STOP"}
    )
    finding = only(found(source, organisation))
    assert (finding.line, finding.problem) == (1, "The text doesn't begin with the organisation's name.")
    assert "Coalition alerts" in finding.mend


@pytest.mark.parametrize(
    ("name", "from_name", "beginning"),
    [
        ("Illinois Coalition for Immigrant and Refugee Rights", "Alerts", "ICIRR: call"),
        ("Something Else", "ICIRR alerts", "[icirr] call"),
        ("Workers' Centre, Chicago", "News", "Workers' Centre: call"),
    ],
)
def test_the_names_initials_count_and_so_do_the_senders_words(
    write_campaign: WriteCampaign, organisation: Organisation, name: str, from_name: str, beginning: str
) -> None:
    who = replace(organisation, name=name, from_name=from_name)
    assert found(write_campaign(files={"sms.txt": f"{beginning} STOP"}), who) == []


def test_more_than_one_link_is_told(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    text = "Coalition: {{ action_url }}\nor https://p2a.co/x\n{{ leave_url }} STOP"
    finding = only(found(write_campaign(files={"sms.txt": text}), organisation))
    assert (finding.line, finding.problem) == (2, "The text has 2 links.")


def test_a_text_that_cannot_be_written_has_that_finding_alone(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    source = write_campaign(files={"sms.txt": "Coalition: {{ frist_name }}"})
    assert [one.severity for one in found(source, organisation)] == [Severity.ERROR]


def _facts(more: str = "") -> str:
    facts = 'title = "Keep the budget whole"\nlevel = "state"\nlists = ["budget"]\n'
    return facts + f'action_url = "https://p2a.co/budget"\nbutton = "Call now"\n{more}'
