"""`dispatch test --ask-ok`: the test text, then the question, then the answer."""

from pathlib import Path

import pytest
from campaigns import frozen_campaign, write_campaign
from conftest import OpenHouse

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.errors import CantAsk
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.ask_ok import ask_ok
from dispatcher.usecases.record_inbound import record_inbound
from dispatcher.usecases.sign_offs import SignedOff, Standing, signed_off
from fakes.smtp import SmtpServer
from fakes.twilio import TwilioServer, error

NUMBER = "+13125550100"
WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}


@pytest.fixture(autouse=True)
def _budget(tmp_path: Path) -> None:
    write_campaign(tmp_path, languages=["en", "es", "ar"])


@pytest.fixture
def real(open_house_with: OpenHouse, smtp_server: SmtpServer, fake_twilio: TwilioServer) -> House:
    """A house with real senders."""
    return open_house_with(email_url=smtp_server.url, sms_url=fake_twilio.url, **WHO)


def standing(house: House) -> SignedOff:
    with house.db.reading() as session:
        (found,) = signed_off(session, frozen_campaign(), Channel.SMS, ["es"])
    return found


def test_the_question_follows_the_test_in_its_language_and_the_ok_counts(
    real: House, fake_twilio: TwilioServer
) -> None:
    tested = list(ask_ok(real, "budget", "312-555-0100", "es", "H."))
    assert [one.accepted for one in tested] == [True, True]
    first, second = fake_twilio.texts
    assert first.body.startswith("TEST: [es]")
    assert second.to == NUMBER
    assert second.body.startswith("Tenants United: Por favor, lea el texto TEST")
    assert standing(real).standing is Standing.ASKED
    with real.db.transaction() as session:
        record_inbound(session, real.keys, InboundText(NUMBER, "ok"))
    assert (standing(real).standing, standing(real).reader) == (Standing.READ, "H.")


def test_a_test_that_is_not_taken_asks_nothing(real: House, fake_twilio: TwilioServer) -> None:
    fake_twilio.answer(NUMBER, error(21211))
    (tested,) = ask_ok(real, "budget", NUMBER, "es")
    assert not tested.accepted
    assert standing(real).standing is Standing.UNREAD


def test_a_question_that_is_not_taken_is_not_noted(real: House, fake_twilio: TwilioServer) -> None:
    sending = ask_ok(real, "budget", NUMBER, "es")
    assert next(sending).accepted
    fake_twilio.answer(NUMBER, error(21211))
    (asked,) = sending
    assert not asked.accepted
    assert standing(real).standing is Standing.UNREAD


def test_by_email_nobody_can_be_asked_yet(house: House) -> None:
    with pytest.raises(CantAsk, match="translate ok budget --language es --by"):
        list(ask_ok(house, "budget", "me@example.org", "es"))
