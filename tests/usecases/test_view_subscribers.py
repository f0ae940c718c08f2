"""What staff see of people."""

import json

import pytest
from people import add_list, add_person
from sent_messages import sent_message

from dispatcher.errors import InvalidAddress, UnknownSubscriber
from dispatcher.house import House
from dispatcher.models import Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.find_subscriber import find_subscriber
from dispatcher.usecases.view_subscribers import Story, tell_stories, view_subscribers


def story_of(house: House, who: str) -> Story:
    with house.db.reading() as session:
        return tell_stories(session, house.keys, who)[0]


def test_a_story_has_the_messages_and_the_kept_columns(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, email="maria@example.org", first_name="María")
    message = sent_message(any_house, maria)
    with any_house.db.transaction() as session:
        session.get_one(Subscriber, maria).attributes = json.dumps({"Parish": "Pius"})
    story = story_of(any_house, "maria@example.org")
    told = [(one.id, one.campaign, one.channel, one.status) for one in story.messages]
    assert told == [(message, "daca", Channel.EMAIL, Status.SENT)]
    assert json.loads(story.attributes or "") == {"Parish": "Pius"}


def test_an_older_addresss_subscription_reaches_nobody(house: House) -> None:
    add_list(house)
    maria = add_person(house, phone="312-555-0100")
    with house.db.transaction() as session:
        session.get_one(Subscriber, maria).phone_key = b"another number's"
    with house.db.reading() as session:
        (seen,) = view_subscribers(session)
    assert [one.current for one in seen.subscriptions] == [False]
    assert seen.on(Channel.SMS) == []


def test_no_address_or_name_is_in_the_repr_of_what_staff_see(house: House) -> None:
    add_list(house)
    add_person(house, email="maria@example.org", phone="312-555-0100", first_name="María")
    shown = repr(story_of(house, "1"))
    assert not any(secret in shown for secret in ("maria", "312", "María"))


def test_one_person_is_found_by_id_or_address_and_the_first_of_a_family(house: House) -> None:
    add_list(house)
    maria = add_person(house, email="maria@example.org", phone="312-555-0100")
    add_person(house, email="jose@example.org", phone="312-555-0100")
    with house.db.reading() as session:
        for who in (" 1 ", "Maria@example.org", "312 555 0100"):
            assert find_subscriber(session, house.keys, who).id == maria
        with pytest.raises(UnknownSubscriber):
            find_subscriber(session, house.keys, "4711")
        with pytest.raises(InvalidAddress):
            find_subscriber(session, house.keys, "maria")
