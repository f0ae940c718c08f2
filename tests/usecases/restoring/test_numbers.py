"""Numbers that left the house in messages and links are never given out again."""

from pathlib import Path

from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from earlier import kept
from people import add_list, add_people, add_person
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import List
from dispatcher.usecases.restoring.by_hand import replay_journal
from dispatcher.usecases.restoring.numbers import never_again


def test_messages_people_lists_and_alerts_get_higher_numbers_than_ever(
    any_house: House, tmp_path: Path
) -> None:
    write_campaign(tmp_path)
    with kept(any_house) as put_back:
        add_list(any_house)
        add_people(any_house, 5)
        send(any_house, opening(frozen_campaign()))
        put_back()
        replay_journal(any_house)
    assert add_list(any_house) == 2
    assert add_person(any_house, email="maria@example.org") == 6
    opened = send(any_house, opening(frozen_campaign(), again="second"))
    assert opened.alert_id == 2
    assert [message.id for message in messages_of(any_house, 2)] == [11]


def test_a_number_that_is_lower_than_the_last_one_changes_nothing(any_house: House) -> None:
    for slug in ("daca", "healthcare"):
        add_list(any_house, slug)
    with any_house.db.transaction() as session:
        never_again(session, "lists", 1)
        never_again(session, "inventions", 7)  # a table of a newer release
    assert add_list(any_house, "senators") == 3


def test_a_list_that_was_deleted_keeps_its_number_for_good(any_house: House) -> None:
    last = [add_list(any_house, slug) for slug in ("daca", "healthcare")][-1]
    with any_house.db.transaction() as session:
        session.delete(session.scalars(select(List).where(List.id == last)).one())
    assert add_list(any_house, "senators") == last + 1
