"""Staff mean people by id, email address or phone number, however they write them."""

import pytest
from people import add_list, add_person

from dispatcher.errors import InvalidAddress, UnknownSubscriber
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.find_subscriber import address_key_of, find_subscriber, find_subscribers, is_id


@pytest.fixture
def family(any_house: House) -> House:
    """Ana (1), and José (2) who shares her phone."""
    add_list(any_house)
    add_person(any_house, email="ana@example.org", phone="312-555-0100")
    add_person(any_house, email="jose@example.org", phone="312-555-0100")
    return any_house


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("2", [2]),
        (" 2 ", [2]),
        ("ana@example.org", [1]),
        ("Ana <ANA@Example.org>", [1]),
        ("(312) 555-0100", [1, 2]),
        ("+13125550100", [1, 2]),
        ("3125550100", [1, 2]),
    ],
)
def test_people_are_found_by_id_email_or_phone(family: House, who: str, found: list[int]) -> None:
    with family.db.reading() as session:
        assert [person.id for person in find_subscribers(session, family.keys, who)] == found
        assert find_subscriber(session, family.keys, who).id == found[0]


@pytest.mark.parametrize("who", ["3", "nobody@example.org", "312-555-0199"])
def test_who_is_not_here_is_an_error_without_the_address(family: House, who: str) -> None:
    with family.db.reading() as session, pytest.raises(UnknownSubscriber) as unknown:
        find_subscriber(session, family.keys, who)
    assert who not in str(unknown.value)


@pytest.mark.parametrize("who", ["maria", "", "ana@", "12-34"])
def test_what_is_no_address_at_all_is_said_to_be_none(family: House, who: str) -> None:
    with family.db.reading() as session, pytest.raises(InvalidAddress):
        find_subscriber(session, family.keys, who)


def test_words_are_neither_an_address_nor_a_number(family: House) -> None:
    with pytest.raises(InvalidAddress, match="neither an email address nor a phone number"):
        address_key_of(family.keys, "maria")


def test_an_address_is_known_by_its_channel_and_key(family: House) -> None:
    assert address_key_of(family.keys, "ANA@example.org") == (
        Channel.EMAIL,
        family.keys.address_key("ana@example.org"),
    )
    assert address_key_of(family.keys, "312-555-0100") == (
        Channel.SMS,
        family.keys.address_key("+13125550100"),
    )


def test_ten_digits_are_a_phone_number_and_fewer_an_id() -> None:
    assert [is_id(who) for who in ("7", "123456789", "3125550100", "+7", "a")] == [
        True,
        True,
        False,
        False,
        False,
    ]
