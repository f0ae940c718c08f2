"""Whose lane a "slow down" is about."""

import pytest

from dispatcher.rules.alert import Channel
from dispatcher.rules.lanes import domain_complains, domain_lane, provider_lane

RELAY = "smtp.relay.example"


def test_lanes_have_the_names_that_the_limiter_knows_them_by() -> None:
    assert provider_lane(Channel.SMS) == "provider:sms"
    assert domain_lane("gmail.com") == "domain:gmail.com"


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("gmail.com", "Our system has detected an unusual rate of unsolicited mail x7-2 - gsmtp"),
        ("school.example", "unusual rate. https://support.google.com/mail/answer/6592"),  # hosted there
        ("yahoo.com", "[TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints"),
        ("hotmail.com", "Service unavailable (S775) [AM0EUR02FT053.eop-EUR02.prod.protection.outlook.com]"),
        ("tenants.example", "host mx.tenants.example said: too many connections"),
    ],
)
def test_a_reply_that_names_the_recipients_server_is_that_domains(domain: str, words: str) -> None:
    assert domain_complains(domain, words, RELAY)


@pytest.mark.parametrize(
    ("domain", "words", "relay"),
    [
        ("gmail.com", "too fast, slow down", RELAY),
        ("gmail.com", "Too many connections - gsmtp", "smtp-relay.gmail.com"),
        ("outlook.com", "4.7.500 Server busy (S775)", "smtp.office365.com"),
        ("coalition.example", "mail.coalition.example: too many messages", "mail.coalition.example"),
        ("", "too many connections", RELAY),
    ],
)
def test_every_other_one_is_our_relays_own(domain: str, words: str, relay: str) -> None:
    assert not domain_complains(domain, words, relay)
