"""What receivers find in the DNS about us, asked of a real server on loopback."""

from typing import Any

import pytest

from dispatcher.dkim_keys import as_pem, new_keys, record_of
from dispatcher.errors import RenderFailed
from dispatcher.rules.verdict import Verdict
from dispatcher.settings import load_settings
from dispatcher.usecases.sender_domain import sender_domain
from fakes.dns import DnsServer

DOMAIN = "tenants.example"
RSA, ED25519 = new_keys()
GOOD = {
    DOMAIN: ["v=spf1 include:spf.relay.example -all", "some-site-verification=1"],
    "spf.relay.example": ["v=spf1 ip4:192.0.2.0/24 ~all"],
    f"_dmarc.{DOMAIN}": ["v=DMARC1; p=quarantine; rua=mailto:dmarc@tenants.example"],
    f"dispatch._domainkey.{DOMAIN}": [record_of(RSA)],
    f"dispatch-ed25519._domainkey.{DOMAIN}": [record_of(ED25519)],
}
SIGNING = {"dkim_key": as_pem(RSA), "dkim_ed25519_key": as_pem(ED25519)}


def verdicts(dns: DnsServer, **given: Any) -> list[tuple[str, Verdict]]:
    settings = load_settings(**({"from_email": f"us@{DOMAIN}"} | given))
    with dns:
        return list(sender_domain(settings, dns.name_server))


def test_a_domain_that_is_set_up_is_well_in_every_record() -> None:
    found = verdicts(DnsServer(GOOD), **SIGNING)
    assert [part for part, _ in found] == ["spf", "dkim", "dkim", "dmarc"]
    assert all(verdict.ok for _, verdict in found)
    assert found[2][1].words == f"dispatch-ed25519._domainkey.{DOMAIN} has our ed25519 key."


def test_a_domain_without_records_is_told_what_to_add() -> None:
    found = verdicts(DnsServer(), **SIGNING)
    assert [verdict.ok for _, verdict in found] == [False] * 4
    assert record_of(RSA) in found[1][1].mend
    assert f"_dmarc.{DOMAIN}" in found[3][1].mend


def test_without_a_key_of_ours_the_relay_is_to_sign() -> None:
    dkim = dict(verdicts(DnsServer(GOOD)))["dkim"]
    assert dkim.ok is None
    assert "dispatch dkim new" in dkim.mend


def test_a_policy_may_stand_at_the_organisations_domain() -> None:
    found = dict(verdicts(DnsServer(GOOD), from_email=f"us@news.{DOMAIN}"))
    assert found["dmarc"].words.startswith(f"_dmarc.{DOMAIN}: ")
    assert found["dmarc"].ok is True


def test_records_that_bring_in_others_are_followed_until_receivers_would_stop() -> None:
    there, back = ["v=spf1 include:a.example -all"], [f"v=spf1 include:{DOMAIN}"]
    circle = DnsServer(GOOD | {DOMAIN: there, "a.example": back})
    spf = dict(verdicts(circle))["spf"]
    assert spf.ok is False
    assert "leads to 11 look-ups" in spf.words
    assert len(circle.asked) < 20


def test_spf_is_asked_of_the_domain_that_bounces_go_to() -> None:
    bounces = {f"bounces.{DOMAIN}": ["v=spf1 mx -all"]}
    found = verdicts(DnsServer(GOOD | bounces), bounces_to=f"back@bounces.{DOMAIN}", **SIGNING)
    assert found[0][1].words == f"bounces.{DOMAIN}: v=spf1 mx -all"
    assert [part for part, _ in found] == ["spf", "dkim", "dkim", "dmarc"]  # it counts as ours


@pytest.mark.parametrize("mailbox", ["back@relay.example", f"back@strict.{DOMAIN}"])
def test_bounces_to_a_stranger_leave_alignment_to_dkim(mailbox: str) -> None:
    strict = {f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject; aspf=s"]}
    texts = GOOD | strict | {mailbox.partition("@")[2]: ["v=spf1 mx -all"]}
    unsigned = verdicts(DnsServer(texts), bounces_to=mailbox)[-1]
    assert (unsigned[0], unsigned[1].ok) == ("spf", False)
    assert "DISPATCH_BOUNCES_TO" in unsigned[1].mend
    signed = verdicts(DnsServer(texts), bounces_to=mailbox, **SIGNING)[-1]
    assert (signed[0], signed[1].ok) == ("spf", None)


def test_where_no_name_server_answers_that_is_all_that_is_said() -> None:
    ((part, verdict),) = verdicts(DnsServer(GOOD, failing=[DOMAIN]), **SIGNING)
    assert (part, verdict.ok) == ("dns", None)
    assert verdict.words.startswith(f"No name server could say what {DOMAIN} is")


def test_a_domain_in_other_letters_is_asked_for_as_dns_has_it() -> None:
    dns = DnsServer({"xn--bcher-kva.example": ["v=spf1 mx -all"]})
    assert verdicts(dns, from_email="us@bücher.example")[0][1].ok is True


def test_an_address_that_dns_cannot_have_is_refused() -> None:
    with pytest.raises(RenderFailed):
        verdicts(DnsServer(), from_email="us@-.example..org")
