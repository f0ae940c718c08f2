"""Acting on what came back by mail."""

import itertools

import pytest
from people import add_list, add_person
from sent_messages import sent_message
from sqlalchemy import select, text, update

from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, Message, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.moves import Status
from dispatcher.tokens import Signer
from dispatcher.usecases.feedback.references import message_reference
from dispatcher.usecases.mailbox.mails import UNREAD, Taken
from dispatcher.usecases.read_bounces import Done, apply_bounce, apply_mail

EMAIL = "maria@example.org"


_ids = itertools.count()


def event(kind: EventKind, reference: str = "", code: str = "5.1.1") -> Event:
    """Of a mail of its own."""
    return Event(kind, "mailbox", f"mail {next(_ids)}", None, reference=reference, code=code)


def apply(house: House, one: Event) -> Done:
    with house.db.transaction() as session:
        return apply_bounce(session, house.keys, Signer.load(house.settings), one)


@pytest.fixture
def daca(house: House) -> int:
    return add_list(house)


@pytest.fixture
def maria(house: House, daca: int) -> int:
    """Somebody on that list alone; her number."""
    assert daca
    return add_person(house, email=EMAIL)


@pytest.fixture
def sent(house: House, maria: int) -> int:
    """The id of an email that went to Maria."""
    number = sent_message(house, maria)
    with house.db.transaction() as session:
        session.execute(update(Message).values(address_key=house.keys.address_key(EMAIL)))
    return number


def reference(house: House, number: int) -> str:
    with house.db.reading() as session:
        return message_reference(house.keys, session.get_one(Message, number))


def suppressions(house: House) -> list[tuple[bytes, str]]:
    with house.db.reading() as session:
        return [(bytes(one.address_key), str(one.reason)) for one in session.scalars(select(Suppression))]


def status(house: House, number: int) -> Status:
    with house.db.reading() as session:
        return session.get_one(Message, number).status


def still_on(house: House) -> list[int]:
    with house.db.reading() as session:
        held = select(Subscription.list_id).where(Subscription.left_at.is_(None))
        return list(session.scalars(held))


@pytest.mark.parametrize(
    ("kind", "ends"),
    [(EventKind.HARD_BOUNCE, Status.BOUNCED), (EventKind.COMPLAINED, Status.COMPLAINED)],
)
def test_a_dead_address_and_a_complaint_suppress_once_however_often_they_are_told(
    house: House, sent: int, kind: EventKind, ends: Status
) -> None:
    mark = reference(house, sent)
    one, another = event(kind, mark), event(kind, mark)
    assert [apply(house, each) for each in (one, one, another)] == [Done.SUPPRESSED, Done.KNOWN, Done.KNOWN]
    assert suppressions(house) == [(house.keys.address_key(EMAIL), str(ends))]
    assert status(house, sent) is ends
    with house.db.reading() as session:
        lines = session.execute(select(DeliveryLogEntry.status, DeliveryLogEntry.error)).all()
    assert [tuple(line) for line in lines] == [(ends, "smtp 5.1.1")]


def test_a_complaint_after_a_bounce_counts_more_and_moves_nothing(house: House, sent: int) -> None:
    mark = reference(house, sent)
    assert apply(house, event(EventKind.HARD_BOUNCE, mark, code="")) is Done.SUPPRESSED
    assert apply(house, event(EventKind.COMPLAINED, mark)) is Done.SUPPRESSED
    assert [reason for _, reason in suppressions(house)] == ["complained"]
    assert status(house, sent) is Status.BOUNCED


@pytest.mark.parametrize(
    ("kind", "then"),
    [
        (EventKind.SOFT_BOUNCE, Status.FAILED),
        (EventKind.BLOCKED, Status.FAILED),
        (EventKind.DEFERRED, Status.SENT),
        (EventKind.DELIVERED, Status.DELIVERED),
        (EventKind.AUTO_REPLY, Status.SENT),
        (EventKind.REPLY, Status.SENT),
        (EventKind.UNKNOWN, Status.SENT),
    ],
)
def test_nothing_else_suppresses_anybody(house: House, sent: int, kind: EventKind, then: Status) -> None:
    assert apply(house, event(kind, reference(house, sent))) is Done.NOTED
    assert (suppressions(house), status(house, sent)) == ([], then)


@pytest.mark.parametrize("made_up", ["", "1.00ff00ff00ff00ff", "999.00ff00ff00ff00ff", "nonsense"])
def test_whoever_cannot_know_a_messages_reference_suppresses_nobody(
    house: House, sent: int, made_up: str
) -> None:
    assert apply(house, event(EventKind.HARD_BOUNCE, made_up)) is Done.ORPHAN
    assert (suppressions(house), status(house, sent)) == ([], Status.SENT)


def test_a_texts_reference_is_none_of_mail(house: House, sent: int) -> None:
    mark = reference(house, sent)
    with house.db.transaction() as session:
        session.execute(update(Message).values(channel=Channel.SMS))
    assert apply(house, event(EventKind.HARD_BOUNCE, mark)) is Done.ORPHAN


def test_a_mail_with_a_signed_token_leaves_its_lists(house: House, daca: int, maria: int) -> None:
    token = Signer.load(house.settings).leave_token(maria, [daca], Channel.EMAIL)
    one = event(EventKind.UNSUBSCRIBED, f"leave.{token}")
    assert [apply(house, one), apply(house, one)] == [Done.LEFT, Done.KNOWN]
    assert still_on(house) == []


@pytest.mark.usefixtures("maria")
def test_a_forged_token_leaves_nothing(house: House, daca: int) -> None:
    assert apply(house, event(EventKind.UNSUBSCRIBED, f"leave.{'A' * 40}")) is Done.ORPHAN
    assert still_on(house) == [daca]


def test_a_mailbox_that_reports_an_opt_out_takes_its_owner_off_every_list(house: House, sent: int) -> None:
    one = event(EventKind.UNSUBSCRIBED, reference(house, sent))
    assert [apply(house, one), apply(house, one)] == [Done.LEFT, Done.KNOWN]
    assert (still_on(house), suppressions(house)) == ([], [])


def test_a_mail_that_nobody_thought_of_is_passed_by_in_a_file_too(house: House) -> None:
    broken = House(house.settings.model_copy(update={"bounces_to": 5}), house.keys, house.db)
    signer = Signer.load(house.settings)
    minutes = b"From: jo@town.example\nTo: us@org.example\n\nMinutes"
    assert apply_mail(broken, signer, minutes) == (UNREAD, [Taken.UNREAD])
    mail, done = apply_mail(house, signer, minutes)
    assert ([one.kind for one in mail.events], done) == ([EventKind.REPLY], [Taken.NOT_OURS])


def test_while_the_database_is_away_no_mail_is_passed_by(house: House) -> None:
    signer = Signer.load(house.settings)
    with house.db.transaction() as session:
        session.execute(text("ALTER TABLE messages RENAME TO away"))
    with pytest.raises(DispatchError):
        apply_mail(house, signer, b"From: jo@town.example\nTo: x+1.0123456789abcdef@x.example\n\nHello")
