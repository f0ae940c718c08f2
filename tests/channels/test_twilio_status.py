"""Where Twilio is to say what became of a text: only where it can, and is believed."""

import pytest

from dispatcher.callbacks.twilio import Twilio
from dispatcher.channels.choose import choose_sender
from dispatcher.channels.twilio_status import STATUS_PATH, reports_to
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedSms
from dispatcher.settings import load_settings
from fakes.messages import send_one
from fakes.twilio import TwilioServer

ACCOUNT = f"twilio://AC{'0' * 32}:token@?from=%2B13125550199"
API_KEY = f"twilio://SK{'1' * 32}:secret@?account=AC{'0' * 32}&from=%2B13125550199"
PUBLIC = "https://go.example.org"
NEARBY = "http://127.0.0.1:8000"
MARK = "42.00ff00ff00ff00ff"


@pytest.mark.parametrize(
    ("sms_url", "public_url", "where"),
    [
        (ACCOUNT, PUBLIC, PUBLIC),
        (ACCOUNT, "http://localhost:8000", ""),  # Twilio refuses texts with such an address
        (ACCOUNT + "&api_base=http://127.0.0.1:9", NEARBY, NEARBY),
        (API_KEY, PUBLIC, ""),  # it doesn't sign
        ("outbox:var/outbox", PUBLIC, ""),
    ],
)
def test_twilio_reports_where_it_can_reach_us_and_prove_it(sms_url: str, public_url: str, where: str) -> None:
    assert reports_to(load_settings(sms_url=sms_url, public_url=public_url)) == where


def test_each_text_has_its_own_mark_in_the_address_that_twilio_calls(fake_twilio: TwilioServer) -> None:
    sender = choose_sender(load_settings(sms_url=fake_twilio.url, public_url=NEARBY), Channel.SMS)
    send_one(sender, RenderedSms(42, "+13125550123", "Call today", reference=MARK))
    send_one(sender, RenderedSms(43, "+13125550123", "Is it good?"))  # a question of ours, on no alert
    sender.close()
    assert sender.echoes_our_id
    asked = [text.reports_to for text in fake_twilio.texts]
    assert asked == [f"{NEARBY}/callbacks/twilio?message={MARK}", None]


def test_the_address_is_the_receivers_own() -> None:
    assert Twilio("token").path == STATUS_PATH


@pytest.mark.parametrize(
    ("origin", "handles"),
    [
        ("from=%2B13125550199", True),
        ("from=55501", True),
        (f"messaging_service=MG{'0' * 32}", True),
        ("from=ICIRR", False),  # nobody can answer a name
    ],
)
def test_twilio_heeds_a_stop_where_people_can_answer(origin: str, handles: bool) -> None:
    settings = load_settings(sms_url=f"twilio://AC{'0' * 32}:token@?{origin}")
    sender = choose_sender(settings, Channel.SMS)
    assert (sender.handles_stop, sender.echoes_our_id) == (handles, False)
    sender.close()
