"""One person, as a CRM reads them: by number, without an address."""

import json

import pytest
from people import EVIDENCE, add_list, add_person, leave, suppress_person

from dispatcher.errors import UnknownSubscriber
from dispatcher.house import House
from dispatcher.models import Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.usecases.consent import join
from dispatcher.usecases.for_crm.people import people_with, person_seen


def test_a_person_is_what_they_are_on_and_never_an_address(house: House) -> None:
    number = add_list(house)
    quiet = add_list(house, "quiet", "Quiet", sensitive=True)
    person = add_person(house, email="rosa@example.org", phone="312-555-0142", lists=["daca", "quiet"])
    leave(house, person, Channel.SMS)
    suppress_person(house, person, Channel.SMS)
    with house.db.reading() as session:
        seen = person_seen(session, person, named=False)
        whole = person_seen(session, person, named=True)
    assert {(one["list"], one["channel"]): one["left_at"] is None for one in seen["subscriptions"]} == {
        (number, "email"): True,
        (number, "sms"): False,
    }
    assert seen["channels"] == {"email": {"suppressed": None}, "sms": {"suppressed": "stop"}}
    assert {one["list"] for one in whole["subscriptions"]} == {number, quiet}
    assert not any(word in json.dumps(whole) for word in ("rosa", "312", "quiet"))


def test_who_is_on_sensitive_lists_alone_is_not_here_unless_the_key_may_know(any_house: House) -> None:
    house = any_house
    vote = add_list(house, "vote", "Votes")
    add_list(house, "quiet", "Quiet", sensitive=True)
    hidden = add_person(house, email="rosa@example.org", lists=["quiet"])
    both = add_person(house, email="ana@example.org", phone="312-555-0142", lists=["quiet"])
    with house.db.transaction() as session:  # by text alone she is on a list that anybody may know of
        join(session, session.get_one(Subscriber, both), vote, Channel.SMS, EVIDENCE)
    by = {
        one: (channel, house.keys.address_key(one))
        for one, channel in (
            ("rosa@example.org", Channel.EMAIL),
            ("ana@example.org", Channel.EMAIL),
            ("+13125550142", Channel.SMS),
        )
    }
    with house.db.reading() as session:
        found = {one: people_with(session, *which, named=False) for one, which in by.items()}
        known = {one: len(people_with(session, *which, named=True)) for one, which in by.items()}
        with pytest.raises(UnknownSubscriber):
            person_seen(session, hidden, named=False)
        assert person_seen(session, hidden, named=True)["subscriber"] == hidden
    assert set(known.values()) == {1}
    assert found.pop("+13125550142")[0]["channels"] == {"sms": {"suppressed": None}}
    assert set(map(tuple, found.values())) == {()}


def test_a_phone_that_a_family_shares_means_all_of_them(house: House) -> None:
    add_list(house)
    family = [add_person(house, phone="312-555-0142") for _ in range(2)]
    key = house.keys.address_key("+13125550142")
    with house.db.reading() as session:
        assert [one["subscriber"] for one in people_with(session, Channel.SMS, key, named=True)] == family
        assert people_with(session, Channel.EMAIL, key, named=True) == []
        with pytest.raises(UnknownSubscriber):
            person_seen(session, 99, named=True)
