"""Twilio is asked to forget texts of sensitive lists, and doctor looks whether it does."""

from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import update

from dispatcher.channels.choose import choose_sender
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.rendered import RenderedSms
from dispatcher.usecases.moves import Move, begin, settle_each
from dispatcher.usecases.provider_privacy import provider_privacy
from fakes.twilio import TwilioServer


def text_of_yesterday(house: House, *, reference: str | None = None) -> str:
    """A text of a sensitive list, sent through the settings' sender; returns Twilio's number for it."""
    with_ref = reference or _handed_over(house)
    message = messages_of(house)[0]
    with house.db.transaction() as session:
        begin(session, [message.id])
        settle_each(session, [Move(message.id, 1, Channel.SMS, None, Status.SENT, 1, provider_ref=with_ref)])
        session.execute(update(Message).values(changed_at=db_now(-2 * 86_400)))
    return with_ref


def _handed_over(house: House) -> str:
    sender = choose_sender(house.settings, Channel.SMS)
    (outcome,) = sender.send([RenderedSms(1, "+13125550123", "Call today", private=True)], float("inf"))
    sender.close()
    return outcome.provider_ref


@pytest.fixture
def wired(open_house_with: OpenHouse, fake_twilio: TwilioServer, tmp_path: Path) -> House:
    """A house on Twilio, with a sensitive list and an alert to it."""
    house = open_house_with(sms_url=fake_twilio.url)
    add_list(house, sensitive=True)
    add_people(house, 1, channels=[Channel.SMS])
    write_campaign(tmp_path)
    send(house, real(frozen_campaign(), channels=[Channel.SMS]))
    return house


def test_a_private_text_is_forgotten_and_doctor_has_looked(wired: House, fake_twilio: TwilioServer) -> None:
    text_of_yesterday(wired)
    (text,) = fake_twilio.texts
    assert (text.content_retention, text.address_retention) == ("discard", "obfuscate")
    found = provider_privacy(wired)
    assert (found.ok, "has forgotten" in found.words) == (True, True)


def test_what_is_still_there_is_wrong(wired: House, fake_twilio: TwilioServer) -> None:
    fake_twilio.redacts = False
    text_of_yesterday(wired)
    found = provider_privacy(wired)
    assert (found.ok, "the words and the number" in found.words) == (False, True)
    assert "Message Redaction" in found.mend


def test_before_anything_was_sent_it_says_what_is_asked(wired: House) -> None:
    assert (provider_privacy(wired).ok, "is asked to forget" in provider_privacy(wired).words) == (True, True)
    text_of_yesterday(wired, reference="SM-that-nobody-knows")
    assert "is asked to forget" in provider_privacy(wired).words


def test_other_alerts_are_passed_over(wired: House) -> None:
    add_list(wired, "open")
    add_people(wired, 1, lists=("open",), channels=[Channel.SMS])
    send(wired, real(frozen_campaign(), channels=[Channel.SMS], lists=["open"], again="next"))
    assert "is asked to forget" in provider_privacy(wired).words


def test_an_account_that_cannot_is_told_of(open_house_with: OpenHouse, fake_twilio: TwilioServer) -> None:
    house = open_house_with(sms_url=f"{fake_twilio.url}&redaction=off")
    assert provider_privacy(house).ok is None
    assert "not needed" in provider_privacy(house).words
    add_list(house, sensitive=True)
    found = provider_privacy(house)
    assert (found.ok, "redaction=off" in found.words) == (None, True)
    _handed_over(house)
    assert fake_twilio.texts[0].content_retention is None
