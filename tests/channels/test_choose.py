import pytest

from dispatcher.channels.choose import choose_sender
from dispatcher.errors import WrongSettings
from dispatcher.rules.alert import Channel
from dispatcher.settings import load_settings


@pytest.mark.parametrize(
    ("given", "channel", "name", "beyond"),
    [
        ({}, Channel.EMAIL, "outbox var/outbox", False),
        ({"sms_url": "outbox:texts"}, Channel.SMS, "outbox texts", False),
        ({"email_url": "smtp://127.0.0.1:2500"}, Channel.EMAIL, "SMTP relay 127.0.0.1:2500", False),
        ({"email_url": "smtps://a:b@mx.example"}, Channel.EMAIL, "SMTP relay mx.example:465", True),
        ({"sms_url": "twilio://AC1:t@?from=+13125550100"}, Channel.SMS, "Twilio, from +13125550100", True),
    ],
)
def test_settings_name_the_sender(given: dict[str, str], channel: Channel, name: str, beyond: bool) -> None:
    settings = load_settings(**given)
    sender = choose_sender(settings, channel)
    assert (sender.name, sender.channel) == (name, channel)
    assert sender.beyond_loopback is beyond is settings.reaches_people(channel)
    assert sender.practice is name.startswith("outbox")


@pytest.mark.parametrize(
    ("given", "channel", "words"),
    [
        ({"email_url": "smtp://mx.example?startls=no"}, Channel.EMAIL, "_EMAIL_URL: has no option 'startls'"),
        ({"sms_url": "twilio://AC1:t@?from=x+1"}, Channel.SMS, "_SMS_URL: has from="),
    ],
)
def test_an_address_that_is_not_complete_is_refused_by_its_setting(
    given: dict[str, str], channel: Channel, words: str
) -> None:
    with pytest.raises(WrongSettings, match=words):
        choose_sender(load_settings(**given), channel)


def test_time_outs_and_connections_come_from_the_settings() -> None:
    settings = load_settings(email_url="smtp://mx.example?connections=3", provider_timeout=7)
    sender = choose_sender(settings, Channel.EMAIL)
    assert sender.connections == 3
    assert vars(sender)["relay"].timeout == 7
