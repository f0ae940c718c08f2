"""A test message is marked, goes to one address alone, and is counted nowhere."""

from email import message_from_bytes
from pathlib import Path

import pytest
import signing
from campaigns import messages_of, write_campaign
from conftest import OpenHouse
from people import add_list, add_person, suppress_person

from dispatcher.errors import BrokenCampaign, InvalidAddress, SenderNotReady, UnsafeToSend
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.send_test import ALL, send_test
from fakes.smtp import SmtpServer
from fakes.twilio import TwilioServer

WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign in English and Spanish."""
    return write_campaign(tmp_path, languages=["en", "es"])


@pytest.fixture
def real(open_house_with: OpenHouse, smtp_server: SmtpServer, fake_twilio: TwilioServer) -> House:
    """A house with real senders."""
    return open_house_with(email_url=smtp_server.url, sms_url=fake_twilio.url, **WHO)


@pytest.mark.usefixtures("budget")
def test_an_email_is_marked_and_goes_to_that_address_alone(real: House, smtp_server: SmtpServer) -> None:
    (tested,) = send_test(real, "budget", "Me@coalition.example", None)
    assert (tested.language, tested.channel, tested.accepted) == ("en", Channel.EMAIL, True)
    assert (tested.sender, tested.practice) == (f"SMTP relay 127.0.0.1:{smtp_server.port}", False)
    (received,) = smtp_server.received
    assert received.recipient == "Me@coalition.example"
    assert message_from_bytes(received.mime)["Subject"] == "TEST: [en] Keep the budget whole"
    assert not messages_of(real)


@pytest.mark.usefixtures("budget")
def test_a_number_gets_a_marked_text(real: House, fake_twilio: TwilioServer) -> None:
    (tested,) = send_test(real, "budget", "312-555-0100", "es")
    assert (tested.language, tested.channel) == ("es", Channel.SMS)
    (text,) = fake_twilio.texts
    assert text.to == "+13125550100"
    assert text.body.startswith("TEST: [es] ICIRR")


@pytest.mark.usefixtures("budget")
def test_every_language_is_a_message_of_its_own(house: House) -> None:
    tested = list(send_test(house, "budget", "me@example.org", ALL))
    assert [one.language for one in tested] == ["en", "es"]
    assert all(one.practice for one in tested)
    files = {one.outcome.provider_ref for one in tested}
    assert files == {path.name for path in Path("var/outbox").iterdir()}
    assert all(int(Path(file).stem) >= 10**15 for file in files)  # beyond every real message's number


def test_a_campaign_that_names_attributes_can_be_tested(house: House, budget: Path) -> None:
    (budget / "sms.txt").write_text("Call from {{ attributes.city }}. STOP")
    (tested,) = send_test(house, "budget", "312-555-0100", None)
    assert "TEST: Call from Sample. STOP" in Path("var/outbox", tested.outcome.provider_ref).read_text()


@pytest.mark.usefixtures("budget")
def test_a_refusal_is_an_outcome_with_the_providers_code(real: House, smtp_server: SmtpServer) -> None:
    smtp_server.answer("me@coalition.example", "550 5.1.1 no such user here")
    (tested,) = send_test(real, "budget", "me@coalition.example", None)
    assert (tested.accepted, tested.outcome.code) == (False, "smtp 550 5.1.1")


@pytest.mark.usefixtures("budget")
def test_who_asked_for_silence_gets_no_test_either(house: House) -> None:
    add_list(house)
    suppress_person(house, add_person(house, email="me@example.org"), Channel.EMAIL)
    with pytest.raises(UnsafeToSend, match="must not be contacted"):
        list(send_test(house, "budget", "me@example.org", None))


@pytest.mark.usefixtures("budget")
def test_words_are_no_address(house: House) -> None:
    with pytest.raises(InvalidAddress):
        list(send_test(house, "budget", "me", None))


@pytest.mark.usefixtures("budget")
def test_a_sender_that_is_not_there_is_told(open_house_with: OpenHouse) -> None:
    house = open_house_with(email_url="smtp://127.0.0.1:1", **WHO)
    with pytest.raises(SenderNotReady, match=r"SMTP relay 127\.0\.0\.1:1"):
        list(send_test(house, "budget", "me@coalition.example", None))


def test_a_language_without_the_channels_parts_is_refused(house: House, budget: Path) -> None:
    with pytest.raises(BrokenCampaign, match="budget: there is no email in pl; complete are: en, es"):
        list(send_test(house, "budget", "me@example.org", "pl"))
    for text in budget.rglob("sms.txt"):
        text.unlink()
    with pytest.raises(BrokenCampaign, match="there is no sms in any language; complete are: none"):
        list(send_test(house, "budget", "312-555-0100", ALL))


@pytest.mark.usefixtures("budget")
def test_a_test_is_signed_and_comes_back_to_an_address_of_its_own(
    open_house_with: OpenHouse, smtp_server: SmtpServer
) -> None:
    us = WHO | {"from_email": "us@example.org", "bounces_to": "bounces@example.org"}
    house = open_house_with(email_url=smtp_server.url, **us, **signing.SETTINGS)
    (tested,) = send_test(house, "budget", "me@coalition.example", None)
    assert tested.accepted
    (received,) = smtp_server.received
    assert signing.both_verified(received.mime)
    assert received.sender.startswith("bounces+1")
