"""Joining: one person at a time, by their own act or by staff's hand."""

import pytest
from people import add_list, add_person, suppress_person
from sqlalchemy import select

from dispatcher.errors import InvalidAddress
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.consent import Evidence, Joined, join
from dispatcher.usecases.leave import leave


def joined(
    house: House, person_id: int, list_id: int, evidence: Evidence, channel: Channel = Channel.EMAIL
) -> Joined:
    with house.db.transaction() as session:
        return join(session, session.get_one(Subscriber, person_id), list_id, channel, evidence)


def test_a_person_joins_once(any_house: House) -> None:
    daca = add_list(any_house)
    maria = add_person(any_house, email="maria@example.org", lists=())
    form = Evidence("web form")
    assert joined(any_house, maria, daca, form) is Joined.NOW
    assert joined(any_house, maria, daca, form) is Joined.ALREADY
    with any_house.db.reading() as session:
        event = session.scalars(select(ConsentEvent)).one()
        subscription = session.scalars(select(Subscription)).one()
    assert (event.source, event.language, event.subscriber_id) == ("web form", "en", maria)
    assert (subscription.subscriber_id, subscription.left_at) == (maria, None)
    assert event.address_key == subscription.address_key == any_house.keys.address_key("maria@example.org")


def test_who_has_left_comes_back_by_an_act_of_their_own_alone(any_house: House) -> None:
    daca = add_list(any_house)
    maria = add_person(any_house, email="maria@example.org")
    with any_house.db.transaction() as session:
        leave(session, Channel.EMAIL, any_house.keys.address_key("maria@example.org"), "one-click")
    assert joined(any_house, maria, daca, Evidence("rally", own_act=False)) is Joined.KEPT_OUT
    assert joined(any_house, maria, daca, Evidence("web form")) is Joined.NOW
    with any_house.db.reading() as session:
        assert session.scalars(select(Subscription.left_at)).one() is None


def test_a_suppressed_address_does_not_join_even_by_its_own_act(house: House) -> None:
    daca = add_list(house)
    maria = add_person(house, phone="312-555-0100", lists=())
    suppress_person(house, maria, Channel.SMS, SuppressionReason.STOP)
    assert joined(house, maria, daca, Evidence("web form"), Channel.SMS) is Joined.KEPT_OUT


def test_a_changed_address_joins_anew_in_the_same_subscription(house: House) -> None:
    daca = add_list(house)
    maria = add_person(house, email="maria@example.org")
    new = house.keys.address_key("maria@example.net")
    with house.db.transaction() as session:
        session.get_one(Subscriber, maria).email_key = new
    assert joined(house, maria, daca, Evidence("web form")) is Joined.NOW
    with house.db.reading() as session:
        assert session.scalars(select(Subscription.address_key)).one() == new


@pytest.mark.parametrize(
    ("channel", "missing"), [(Channel.EMAIL, "email address"), (Channel.SMS, "phone number")]
)
def test_a_person_without_an_address_cannot_join_by_it(house: House, channel: Channel, missing: str) -> None:
    daca = add_list(house)
    other = {Channel.EMAIL: {"phone": "312-555-0100"}, Channel.SMS: {"email": "maria@example.org"}}[channel]
    maria = add_person(house, lists=(), **other)  # type: ignore[arg-type]  # the one that isn't missing
    with pytest.raises(InvalidAddress, match=f"Subscriber {maria} has no {missing} here"):
        joined(house, maria, daca, Evidence("web form"), channel)
