"""Who is behind a relay, and what it needs to give our reference back."""

import pytest

from dispatcher.callbacks.registry import RECEIVERS
from dispatcher.rules.providers import PROVIDERS, echoed_header, provider_behind
from dispatcher.settings import Settings


@pytest.mark.parametrize(
    ("host", "provider", "header"),
    [
        ("email-smtp.us-east-1.amazonaws.com", "ses", ""),
        ("smtp.sendgrid.net", "sendgrid", ""),
        ("smtp.eu.mailgun.org", "mailgun", ""),
        ("smtp.postmarkapp.com", "postmark", "X-PM-Metadata-dispatch"),
        ("SMTP-Broadcasts.PostmarkApp.com.", "postmark", "X-PM-Metadata-dispatch"),
        ("smtp.resend.com", "resend", "X-Dispatch"),
        ("resend.com", "resend", "X-Dispatch"),
        ("smtp.notresend.com", "", ""),
        ("postmarkapp.com.example.org", "", ""),
        ("mail.example.org", "", ""),
        ("", "", ""),
    ],
)
def test_a_relay_tells_its_provider_and_the_header_that_it_needs(
    host: str, provider: str, header: str
) -> None:
    found = provider_behind(host)
    assert (found.name if found else "", echoed_header(host)) == (provider, header)


def test_each_has_a_receiver_and_is_proved_by_a_setting() -> None:
    for provider in PROVIDERS:
        assert provider.name in RECEIVERS
        assert provider.proved_by.lower() in Settings.model_fields
