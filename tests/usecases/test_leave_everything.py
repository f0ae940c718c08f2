"""One person leaves everything, on both channels."""

from people import add_list, add_person
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Notice, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.usecases.add_subscriber import add_subscriber
from dispatcher.usecases.consent import Evidence
from dispatcher.usecases.leave_everything import leave_everything
from dispatcher.usecases.notices.queueing import queue_notice

PHONE = "+13125550100"


def leave_all(house: House, person: int) -> None:
    with house.db.transaction() as session:
        leave_everything(session, person, "leave page")


def test_every_list_and_both_channels_are_left_for_good(any_house: House) -> None:
    add_list(any_house, "daca")
    add_list(any_house, "healthcare")
    maria = add_person(any_house, email="maria@example.org", phone=PHONE, lists=("daca", "healthcare"))
    leave_all(any_house, maria)
    with any_house.db.reading() as session:
        assert not session.scalars(select(Subscription).where(Subscription.left_at.is_(None))).all()
        found = session.execute(select(Suppression.channel, Suppression.reason)).all()
    assert sorted(found) == [("email", "opted_out"), ("sms", "stop")]


def test_an_address_that_the_person_had_when_they_joined_leaves_too(house: House) -> None:
    add_list(house)
    maria = add_person(house, email="maria@example.org")
    with house.db.transaction() as session:
        session.get_one(Subscriber, maria).email_key = house.keys.address_key("new@example.org")
    leave_all(house, maria)
    with house.db.reading() as session:
        keys = set(session.scalars(select(Suppression.address_key)))
    assert keys == {house.keys.address_key(address) for address in ("maria@example.org", "new@example.org")}


def test_a_notice_that_waits_is_not_sent_any_more(house: House) -> None:
    add_list(house)
    maria = add_person(house, email="maria@example.org")
    with house.db.transaction() as session:
        facts = {"link": "https://x"}
        queue_notice(
            session,
            house.keys,
            channel=Channel.EMAIL,
            address="maria@example.org",
            kind="manage",
            language="en",
            facts=facts,
        )
    leave_all(house, maria)
    with house.db.reading() as session:
        assert session.scalars(select(Notice.state)).all() == ["failed"]


def test_their_own_act_brings_them_back_to_emails(house: House) -> None:
    daca = add_list(house)
    leave_all(house, add_person(house, email="maria@example.org"))
    cells, email = {"email": "maria@example.org"}, frozenset({Channel.EMAIL})
    with house.db.transaction() as session:
        for own_act, joined in ((False, ()), (True, (Channel.EMAIL,))):
            evidence = Evidence("sign-up sheet", own_act=own_act)
            assert add_subscriber(session, house.keys, cells, daca, email, evidence).joined == joined
        assert session.scalars(select(Suppression)).all() == []


def test_nothing_happens_for_somebody_who_is_gone(house: House) -> None:
    leave_all(house, 4711)
    with house.db.reading() as session:
        assert session.scalars(select(Suppression)).all() == []
