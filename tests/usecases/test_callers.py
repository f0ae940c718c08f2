"""Doctor says who may tell us what becomes of messages, and who should have by now."""

import pytest
from came_back import alert_with
from conftest import OpenHouse
from sqlalchemy import update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Message, ProviderEvent
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import EventKind
from dispatcher.rules.moves import Status
from dispatcher.usecases.callers import callbacks_condition

TWILIO = "twilio://AC1:secret@?from=+13125550100"
AN_HOUR_AGO = 3700.0


def sent(house: House, channel: Channel, seconds_ago: float = AN_HOUR_AGO, **given: object) -> int:
    """A real alert of one message, handed over so long ago."""
    alert_id = alert_with(house, {Status.SENT: 1}, channel=channel, **given)  # type: ignore[arg-type]
    with house.db.transaction() as session:
        late = update(Message).where(Message.alert_id == alert_id)
        session.execute(late.values(changed_at=db_now(-seconds_ago)))
    return alert_id


def called(house: House, provider: str) -> None:
    event = ProviderEvent(provider=provider, event_key=b"k" * 16, kind=EventKind.DELIVERED)
    with house.db.transaction() as session:
        session.add(event)


def wired(open_house_with: OpenHouse, **given: str) -> House:
    keys = {"mailgun_key": "k" * 32, "resend_secret": "whsec_" + "a" * 32}
    return open_house_with(sms_url=TWILIO, **keys, **given)


def test_practice_needs_nobody_to_call(house: House) -> None:
    found = callbacks_condition(house)
    assert (found.ok, found.words) == (None, "not needed: nothing is sent to people.")


def test_without_anybody_bounces_stay_unknown(open_house_with: OpenHouse) -> None:
    found = callbacks_condition(open_house_with(email_url="smtp://mail.example.org"))
    assert (found.ok, "no provider is set up" in found.words) == (None, True)
    assert "docs/operating.md" in found.mend


def test_who_is_set_up_is_named(open_house_with: OpenHouse) -> None:
    found = callbacks_condition(wired(open_house_with))
    words = "what becomes of messages may be told by mailgun, resend, twilio."
    assert (found.ok, found.words) == (True, words)


@pytest.mark.parametrize(
    ("relay", "named"),
    [
        (
            "mail.example.org",
            "whoever was given the login of DISPATCH_CALLBACK_SECRET (postmark or resend or sendgrid)",
        ),
        ("smtp.postmarkapp.com", "postmark"),
        ("smtp.mailgun.org", "mailgun"),
    ],
)
def test_a_login_alone_names_nobody_whom_nobody_set_up(
    open_house_with: OpenHouse, relay: str, named: str
) -> None:
    keys = {"mailgun_key": "k" * 32} if named == "mailgun" else {}
    login = {"callback_secret": "us:a-long-password", "email_url": f"smtp://{relay}"}
    found = callbacks_condition(open_house_with(**keys, **login))
    assert (found.ok, found.words) == (True, f"what becomes of messages may be told by {named}.")


@pytest.mark.parametrize(
    ("channel", "words", "others", "own"),
    [
        (
            Channel.EMAIL,
            "email went out over an hour ago, and mailgun or resend never told what became of it.",
            "twilio",
            "resend",
        ),
        (
            Channel.SMS,
            "texts went out over an hour ago, and twilio never told what became of it.",
            "mailgun",
            "twilio",
        ),
    ],
)
def test_who_never_called_after_an_hour_is_wrong(
    open_house_with: OpenHouse, any_database_url: str, channel: Channel, words: str, others: str, own: str
) -> None:
    house = wired(open_house_with, database_url=any_database_url)
    sent(house, channel)
    for provider in (others, "mailbox"):
        called(house, provider)
    found = callbacks_condition(house)
    assert (found.ok, found.words) == (False, words)
    assert "/callbacks/" in found.mend
    called(house, own)
    assert callbacks_condition(house).ok is True


def test_what_was_told_once_and_what_is_young_or_practice_is_no_silence(open_house_with: OpenHouse) -> None:
    house = wired(open_house_with)
    sent(house, Channel.SMS, seconds_ago=3500.0)
    sent(house, Channel.EMAIL, practice=True)
    sent(house, Channel.EMAIL, hours_ago=31 * 24.0)
    assert callbacks_condition(house).ok is True
    sent(house, Channel.EMAIL)
    assert callbacks_condition(house).ok is False
    alert_with(house, {Status.DELIVERED: 1})  # its event is deleted by now
    assert callbacks_condition(house).ok is True
