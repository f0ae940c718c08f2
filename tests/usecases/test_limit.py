"""--limit: the next N people, each with all of their channels."""

from pathlib import Path

from campaigns import frozen_campaign, opening, reached, send, write_campaign
from people import add_list, add_people, add_person

from dispatcher.house import House
from dispatcher.rules.alert import Channel

EMAIL, SMS = Channel.EMAIL, Channel.SMS


def test_each_send_takes_the_next_people_with_both_channels(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    people = add_people(any_house, 5)
    write_campaign(tmp_path)
    wanted = opening(frozen_campaign(), limit=2)
    assert send(any_house, wanted).added == 4
    assert reached(any_house) == [(channel, person) for channel in (EMAIL, SMS) for person in people[:2]]
    assert send(any_house, wanted).added == 4
    assert reached(any_house) == [(channel, person) for channel in (EMAIL, SMS) for person in people[:4]]
    assert send(any_house, wanted).added == 2
    assert send(any_house, wanted).added == 0


def test_people_with_one_channel_count_as_well(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    by_email = add_people(any_house, 2, channels=[EMAIL])
    by_phone = add_people(any_house, 2, channels=[SMS])
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign(), limit=3))
    assert reached(any_house) == [(EMAIL, by_email[0]), (EMAIL, by_email[1]), (SMS, by_phone[0])]


def test_who_gets_nothing_takes_nobodys_place(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_people(any_house, 3, language="pl")
    readers = add_people(any_house, 2, channels=[EMAIL])
    first = add_person(any_house, phone="312-555-0101")
    add_person(any_house, phone="312-555-0101")  # the same phone: reached by the first one's text
    last = add_person(any_house, phone="312-555-0102")
    write_campaign(tmp_path)
    wanted = opening(frozen_campaign(), limit=2)
    send(any_house, wanted)
    assert reached(any_house) == [(EMAIL, person) for person in readers]
    send(any_house, wanted)
    assert reached(any_house) == [*[(EMAIL, person) for person in readers], (SMS, first), (SMS, last)]
