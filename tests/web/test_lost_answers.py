"""A text whose answer was lost is found again by what Twilio reports to the address that went with it."""

import base64
import hmac
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from callback_site import Switchboard
from campaigns import frozen_campaign, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_person
from town import Town
from web_site import ORG

from dispatcher.callbacks.base import RawRequest
from dispatcher.callbacks.registry import receivers
from dispatcher.channels.choose import choose_sender
from dispatcher.limiter import Limiter
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.usecases import deliver
from dispatcher.usecases.feedback.applying import apply_due
from fakes import twilio

PHONE = "+13125550101"


def test_a_text_whose_answer_was_lost_is_settled_by_twilios_report(
    open_house_with: OpenHouse, redis_url: str, fake_twilio: twilio.TwilioServer, tmp_path: Path
) -> None:
    house = open_house_with(
        sms_url=fake_twilio.url,
        public_url="http://127.0.0.1:8000",
        redis_url=redis_url,
        sms_hours="none",
        **ORG,
    )
    add_list(house)
    write_campaign(tmp_path)
    add_person(house, phone=PHONE)
    fake_twilio.answer(PHONE, twilio.hang_up(taken=True))
    send(house, real(frozen_campaign(), channels=[Channel.SMS]))
    town, sender = Town(house, Limiter(redis_of(house.settings))), choose_sender(house.settings, Channel.SMS)
    deliver.run(house, Channel.SMS, {Channel.SMS: sender}, town.limiter, town.stop, 20.0)
    sender.close()
    assert town.statuses() == {"uncertain": 1}

    (text,) = fake_twilio.texts
    assert text.reports_to is not None
    board = Switchboard(house, receivers(house.settings, lambda _url: None))
    assert board.call("twilio", report(text)).status == 200
    assert apply_due(house) == 1
    assert town.statuses() == {"delivered": 1}
    assert [message.provider_ref for message in town.messages()] == [text.sid]


def report(text: twilio.Text) -> RawRequest:
    """Twilio's call that the text has arrived."""
    form = {"MessageSid": text.sid, "MessageStatus": "delivered", "To": text.to}
    signed = f"{text.reports_to}" + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.digest(twilio.TOKEN.encode(), signed.encode(), "sha1")).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    return RawRequest("POST", f"{text.reports_to}", headers, urlencode(form).encode(), datetime.now(UTC))
