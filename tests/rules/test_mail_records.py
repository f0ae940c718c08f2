"""What receivers make of a domain's SPF, DMARC and DKIM records."""

import pytest

from dispatcher.rules.dkim_record import judge_dkim
from dispatcher.rules.dmarc import aligned, judge_dmarc, policy_names, strict_about_envelope
from dispatcher.rules.record_tags import records_of, tags
from dispatcher.rules.spf import judge_spf, lookups, named_in


@pytest.mark.parametrize(
    ("texts", "asked", "ok", "words"),
    [
        ([], 0, False, "doesn't say which servers may send"),
        (["google-site-verification=x"], 0, False, "doesn't say which servers may send"),
        (["v=spf10 -all"], 0, False, "doesn't say which servers may send"),
        (["v=spf1 include:a.example -all"], 1, True, "v=spf1 include:a.example -all"),
        (["V=SPF1 include:a.example ~ALL"], 1, True, "V=SPF1"),
        (["v=spf1 redirect=a.example"], 1, True, "redirect=a.example"),
        (["v=spf1 -all", "v=spf1 mx ~all"], 1, False, "has 2 SPF records"),
        (["v=spf1 include:a.example -all"], 11, False, "leads to 11 look-ups"),
        (["v=spf1 include:a.example -all"], 10, True, "include:a.example"),
        (["v=spf1 +all"], 0, False, "lets everybody send"),
        (["v=spf1 mx all"], 1, False, "lets everybody send"),
        (["v=spf1 mx ?all"], 1, None, "forbids nobody"),
        (["v=spf1 mx"], 1, None, "forbids nobody"),
    ],
)
def test_spf_is_judged_as_receivers_do(texts: list[str], asked: int, ok: bool | None, words: str) -> None:
    verdict = judge_spf("tenants.example", texts, asked)
    assert verdict.ok is ok
    assert words in verdict.words
    assert "tenants.example" in verdict.words
    assert verdict.mend


def test_spf_terms_that_ask_the_dns_are_counted() -> None:
    asks = "include:x.example a a:x.example a/24 mx mx:x.example ptr exists:%{i}.x.example redirect=y.example"
    free = "ip4:192.0.2.0/24 ip6:2001:db8::/32 exp=why.example all"
    assert lookups(f"v=spf1 {asks} {free}") == 9
    assert lookups(f"v=spf1 {free}") == 0
    assert lookups("v=spf1 ~include:x.example -a ?mx") == 3


def test_the_records_that_a_record_brings_in_are_named() -> None:
    assert named_in("v=spf1 include:A.example ?include:b.example redirect=c.example a:d.example") == [
        "a.example",
        "b.example",
        "c.example",
    ]


NAME = "_dmarc.tenants.example"


@pytest.mark.parametrize(
    ("texts", "ok", "words"),
    [
        ([], False, "nothing at _dmarc.tenants.example"),
        (["v=DMARC10; p=reject"], False, "nothing at _dmarc.tenants.example"),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], False, "has 2 DMARC records"),
        (["v=DMARC1; rua=mailto:x@tenants.example"], False, "says no policy"),
        (["v=DMARC1; p=nothing"], False, "says no policy"),
        (["v=DMARC1; p=reject; pct=50; ri=3600"], None, "pct=50"),
        (["v=DMARC1;p=none;"], None, "p=none"),
        (["v=DMARC1; p=quarantine"], True, "p=quarantine"),
        (["v=DMARC1; P=Reject", "something else"], True, "P=Reject"),
    ],
)
def test_dmarc_is_judged_as_receivers_do(texts: list[str], ok: bool | None, words: str) -> None:
    verdict = judge_dmarc(NAME, texts)
    assert verdict.ok is ok
    assert words in verdict.words
    assert bool(verdict.mend) is (ok is not True)


def test_tags_that_dmarc_has_no_more_are_named() -> None:
    assert "Take out pct, ri:" in judge_dmarc(NAME, ["v=DMARC1; p=reject; pct=50; ri=3600"]).mend


def test_a_policy_is_looked_for_up_to_the_organisations_domain() -> None:
    assert policy_names("news.tenants.example") == ["_dmarc.news.tenants.example", "_dmarc.tenants.example"]
    assert policy_names("tenants.example") == ["_dmarc.tenants.example"]
    assert policy_names("example") == ["_dmarc.example"]
    deep = policy_names("a." * 20 + "tenants.example")
    assert (len(deep), deep[0].count("."), deep[-1]) == (8, 22, "_dmarc.tenants.example")


def test_domains_are_aligned_when_one_is_under_the_other() -> None:
    assert aligned("tenants.example", "Tenants.example")
    assert aligned("tenants.example", "bounces.tenants.example")
    assert aligned("news.tenants.example", "tenants.example")
    assert not aligned("tenants.example", "mytenants.example")
    assert not aligned("tenants.example", "bounces.tenants.example", strict=True)
    assert aligned("tenants.example", "tenants.example", strict=True)


def test_a_domain_can_ask_that_the_envelopes_is_the_very_same() -> None:
    assert strict_about_envelope(["v=DMARC1; p=none; aspf=s"])
    assert not strict_about_envelope(["v=DMARC1; p=none; aspf=r"])
    assert not strict_about_envelope(["aspf=s"])


OURS = "v=DKIM1; k=rsa; p=QUJD"
ED25519 = "v=DKIM1; k=ed25519; p=QUJD"


@pytest.mark.parametrize(
    ("texts", "ours", "ok", "words"),
    [
        ([], OURS, False, "no key at"),
        (["v=spf1 -all"], OURS, False, "no key at"),
        ([OURS, OURS], OURS, False, "has 2 keys"),
        (["v=DKIM1; p="], OURS, False, "taken back"),
        (["v=DKIM1; k=rsa; p=QUJE"], OURS, False, "isn't the one that we sign with"),
        (["v=DKIM1; p=QUJD"], ED25519, False, "isn't the one that we sign with"),
        (["v=DKIM1; t=s:y; p=QUJD"], OURS, None, "testing"),
        ([OURS], OURS, True, "has our rsa key"),
        (["p=QU JD"], OURS, True, "has our rsa key"),
        ([ED25519], ED25519, True, "has our ed25519 key"),
    ],
)
def test_the_published_key_is_compared_with_ours(
    texts: list[str], ours: str, ok: bool | None, words: str
) -> None:
    verdict = judge_dkim("d._domainkey.tenants.example", texts, ours)
    assert verdict.ok is ok
    assert words in verdict.words
    assert bool(verdict.mend) is (ok is not True)


def test_tags_have_spaces_around_them_and_equals_signs_within() -> None:
    assert tags("v=DKIM1 ; p = QUI= ;; n") == {"v": "DKIM1", "p": "QUI="}


def test_a_record_of_a_kind_begins_with_its_version() -> None:
    assert records_of("v=spf1", ["v=spf1", " v=spf1 mx", "v=spf1;", "v=spf2.0", "spf1"]) == [
        "v=spf1",
        " v=spf1 mx",
        "v=spf1;",
    ]
