"""What an event is about is proved: by our reference, by a signed number, or by the provider's own id."""

import pytest
from people import add_person
from sqlalchemy import delete, update
from what_came_back import (
    EMAIL,
    PHONE,
    Maria,
    add_messages,
    come_back,
    due_again,
    log_of,
    outcomes,
    statuses,
    suppressed,
    take_in,
    told,
)

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Message, Notice, ProviderEvent
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import EventKind
from dispatcher.rules.feedback import Outcome
from dispatcher.rules.moves import Status
from dispatcher.rules.notices import NOTICE_NUMBERS, NoticeState
from dispatcher.rules.references import TEST_NUMBERS, reference_of_notice
from dispatcher.usecases.feedback.applying import apply_due
from dispatcher.usecases.feedback.references import NOTICES_SALT

K = EventKind
S = Status
SMS = Channel.SMS


def notice(house: House, address: str, channel: Channel = Channel.EMAIL) -> str:
    """A notice that was sent; its reference."""
    key = house.keys.address_key(address)
    with house.db.transaction() as session:
        one = Notice(channel=channel, kind="confirm", language="en", address_key=key, state=NoticeState.SENT)
        session.add(one)
        session.flush()
        session.refresh(one)
        number = NOTICE_NUMBERS + one.id
        return reference_of_notice(number, one.created_at.isoformat(), house.keys.address_key(NOTICES_SALT))


def test_a_whole_reference_finds_its_message_whoever_echoes_it(maria: Maria) -> None:
    number, mark = maria.sent()
    one = told(
        K.HARD_BOUNCE, "ses", reference=mark, recipient="MARIA@example.org", code="5.1.1", words="gone"
    )
    assert come_back(maria.house, one) == [Outcome.SUPPRESSED]
    assert statuses(maria.house, [number]) == [S.BOUNCED]
    assert log_of(maria.house, number) == [("bounced", "smtp 5.1.1", "gone")]
    assert suppressed(maria.house) == {maria.email_key: "bounced"}


@pytest.mark.parametrize(
    ("provider", "given"),
    [
        ("ses", {"reference": "{number}.00ff00ff00ff00ff"}),
        ("ses", {"reference": "{number}"}),  # no signature of ours says that it was this one
        ("mailbox", {"reference": "{number}.00ff00ff00ff00ff"}),
        ("mailbox", {"recipient": EMAIL}),  # anybody can write a mail
        ("ses", {"reference": "{mark}", "recipient": "stranger@example.org"}),
        ("twilio", {"reference": "{number}"}),  # about an email
        ("ses", {"recipient": "stranger@example.org"}),
        ("ses", {"recipient": "stranger@example.org", "provider_ref": "R1"}),
        ("ses", {"reference": "999.00ff00ff00ff00ff"}),
        ("ses", {}),
    ],
)
def test_whoever_proves_nothing_changes_nothing(maria: Maria, provider: str, given: dict[str, str]) -> None:
    number, mark = maria.sent(provider_ref="R1")
    filled = {name: value.format(number=number, mark=mark) for name, value in given.items()}
    assert come_back(maria.house, told(K.HARD_BOUNCE, provider, **filled)) == [Outcome.ORPHAN]
    assert (statuses(maria.house, [number]), suppressed(maria.house)) == ([S.SENT], {})


def test_a_mail_with_the_reference_counts_whatever_address_it_names(maria: Maria) -> None:
    """Where mail is forwarded it is the mailbox at the end that is dead."""
    _, mark = maria.sent()
    one = told(K.HARD_BOUNCE, "mailbox", reference=mark, recipient="her-other-one@example.net")
    assert come_back(maria.house, one) == [Outcome.SUPPRESSED]
    assert suppressed(maria.house) == {maria.email_key: "bounced"}


def test_twilios_number_is_enough_for_its_address_is_signed(any_maria: Maria) -> None:
    number, _ = any_maria.sent(SMS, status=S.UNCERTAIN)
    one = told(K.DELIVERED, "twilio", reference=str(number), provider_ref="SM1", recipient=PHONE)
    assert come_back(any_maria.house, one) == [Outcome.MOVED]
    assert statuses(any_maria.house, [number]) == [S.DELIVERED]
    with any_maria.house.db.reading() as session:
        assert session.get_one(Message, number).provider_ref == "SM1"


@pytest.mark.parametrize(
    ("channel", "provider", "recipient"), [(Channel.EMAIL, "resend", EMAIL), (SMS, "twilio", PHONE)]
)
def test_without_a_reference_the_providers_own_id_finds_the_recipients_message(
    maria: Maria, channel: Channel, provider: str, recipient: str
) -> None:
    number, _ = maria.sent(channel, provider_ref="R1")
    told_late = told(K.DELIVERED, provider, provider_ref="R2", recipient=recipient)
    told_now = told(K.DELIVERED, provider, provider_ref="R1", recipient=recipient)
    assert come_back(maria.house, told_now, told_late) == [Outcome.MOVED, Outcome.ORPHAN]
    assert statuses(maria.house, [number]) == [S.DELIVERED]


def test_an_event_that_overtakes_our_own_answer_waits_for_it(maria: Maria) -> None:
    early = told(K.DELIVERED, "resend", provider_ref="R1", recipient=EMAIL)
    assert come_back(maria.house, early) == [Outcome.ORPHAN]
    assert apply_due(maria.house) == 0
    number, _ = maria.sent(provider_ref="R1")
    due_again(maria.house)
    assert apply_due(maria.house) == 1
    assert outcomes(maria.house, early) == [Outcome.MOVED]
    assert statuses(maria.house, [number]) == [S.DELIVERED]


def test_what_calls_tell_of_an_address_counts_without_any_message(any_maria: Maria) -> None:
    house = any_maria.house
    add_person(house, email="rosa@example.org")
    events = [
        told(K.HARD_BOUNCE, "ses", recipient=EMAIL),
        told(K.COMPLAINED, "ses", recipient="rosa@example.org", reference="77.00ff00ff00ff00ff"),
        told(K.HARD_BOUNCE, "twilio", recipient=PHONE),
        told(K.HARD_BOUNCE, "ses", recipient="stranger@example.org"),
        told(K.SOFT_BOUNCE, "ses", recipient=EMAIL),
    ]
    assert come_back(house, *events) == [
        Outcome.SUPPRESSED,
        Outcome.SUPPRESSED,
        Outcome.SUPPRESSED,
        Outcome.ORPHAN,
        Outcome.ORPHAN,
    ]
    assert sorted(suppressed(house).values()) == ["bounced", "bounced", "complained"]


def test_a_message_that_was_deleted_when_its_time_had_come_is_gone(maria: Maria) -> None:
    number, mark = maria.sent()
    add_messages(maria.house, maria.alert, [None])
    with maria.house.db.transaction() as session:
        session.execute(delete(Message).where(Message.id == number))
    late = told(K.DELIVERED, "ses", reference=mark, recipient=EMAIL)
    bounce = told(K.HARD_BOUNCE, "ses", reference=mark, recipient=EMAIL)
    assert come_back(maria.house, late, bounce) == [Outcome.GONE, Outcome.SUPPRESSED]


def test_notices_count_for_their_address(house: House) -> None:
    mail, text = notice(house, EMAIL), notice(house, PHONE, SMS)
    events = [
        told(K.HARD_BOUNCE, "ses", reference=mail, recipient=EMAIL),
        told(K.HARD_BOUNCE, "twilio", reference=text.partition(".")[0], recipient=PHONE),
        told(K.DELIVERED, "ses", reference=mail),
        told(K.COMPLAINED, "ses", reference=f"{NOTICE_NUMBERS + 1}.00ff00ff00ff00ff"),
        told(K.HARD_BOUNCE, "ses", reference=f"{NOTICE_NUMBERS + 99}.00ff00ff00ff00ff"),
    ]
    assert come_back(house, *events) == [
        Outcome.SUPPRESSED,
        Outcome.SUPPRESSED,
        Outcome.NOTED,
        Outcome.ORPHAN,
        Outcome.GONE,
    ]
    keys = {house.keys.address_key(address): "bounced" for address in (EMAIL, PHONE)}
    assert suppressed(house) == keys


def test_tests_and_alarms_are_quietly_noted(maria: Maria) -> None:
    numbers = (TEST_NUMBERS, TEST_NUMBERS * 3 + 5)
    events = [told(K.HARD_BOUNCE, "ses", reference=f"{n}.00ff00ff00ff00ff", recipient=EMAIL) for n in numbers]
    assert come_back(maria.house, *events) == [Outcome.NOTED, Outcome.NOTED]
    assert suppressed(maria.house) == {}


def test_an_orphan_stays_one_after_three_days(maria: Maria) -> None:
    lost = told(K.DELIVERED, "ses", provider_ref="R9", recipient=EMAIL)
    take_in(maria.house, lost)
    with maria.house.db.transaction() as session:
        session.execute(update(ProviderEvent).values(taken_at=db_now(-3 * 86_400)))
    assert apply_due(maria.house) == 1
    due_again(maria.house)
    assert apply_due(maria.house) == 0
    assert outcomes(maria.house, lost) == [Outcome.ORPHAN]
