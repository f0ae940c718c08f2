"""What doctor says of who may report on messages."""

from typing import Any

import pytest

from dispatcher.rules.alert import Channel
from dispatcher.settings import load_settings
from dispatcher.usecases.provider_reports import provider_reports

SMS, EMAIL = Channel.SMS, Channel.EMAIL
LOGIN = "hooks:a-long-enough-password"
TWILIO = f"twilio://AC{'0' * 32}:token@?from="
NUMBER = "%2B13125550199"
HTTPS = "https://go.example.org"
POSTMARK = "smtp://user:password@smtp.postmarkapp.com"


@pytest.mark.parametrize(
    ("channel", "given", "ok", "words"),
    [
        (SMS, {}, None, "not needed for practice."),
        (SMS, {"sms_url": TWILIO + NUMBER, "public_url": HTTPS}, True, "is found again; Twilio heeds a STOP"),
        (SMS, {"sms_url": TWILIO + "ICIRR", "public_url": HTTPS}, True, "lets nobody answer STOP"),
        (SMS, {"sms_url": TWILIO + NUMBER}, None, "Twilio can't reach http://localhost:8000"),
        (
            SMS,
            {"sms_url": f"twilio://SK1:secret@?account=AC1&from={NUMBER}", "public_url": HTTPS},
            None,
            "an API key doesn't sign",
        ),
        (EMAIL, {"email_url": POSTMARK}, None, "Set DISPATCH_CALLBACK_SECRET:"),
        (EMAIL, {"email_url": POSTMARK, "callback_secret": LOGIN}, True, "by X-PM-Metadata-dispatch."),
        (
            EMAIL,
            {"email_url": "smtp://smtp.mailgun.org", "mailgun_key": "k" * 20},
            True,
            "mailgun can report, and knows each email by its Message-ID.",
        ),
        (EMAIL, {"email_url": "smtp://mail.example.org"}, None, "Set DISPATCH_BOUNCES_TO"),
        (
            EMAIL,
            {"email_url": "smtp://mail.example.org", "bounces_to": "bounces@example.org"},
            None,
            "mail.example.org reports by bounce mails",
        ),
    ],
)
def test_doctor_says_who_may_report_and_what_is_missing(
    channel: Channel, given: dict[str, Any], ok: bool | None, words: str
) -> None:
    found = provider_reports(load_settings(**given), channel)
    assert found.ok is ok
    assert words in f"{found.words} {found.mend}"
