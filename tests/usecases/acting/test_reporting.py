"""Acts that are reported: whose they are, and that one counts once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from people import add_list, add_person
from sqlalchemy import select

from dispatcher.errors import InvalidAddress, UnknownCampaign
from dispatcher.house import House
from dispatcher.models import Action, Subscriber
from dispatcher.rules.actions import ActionHow, Became
from dispatcher.usecases.acting.addressed import address_keys
from dispatcher.usecases.acting.campaigns import campaign_to_act_on
from dispatcher.usecases.acting.reporting import Report, report_action, report_all

AT = datetime(2026, 11, 6, 2, 15, tzinfo=UTC)  # in Chicago the fifth


def acts(house: House) -> list[tuple[int, datetime]]:
    with house.db.reading() as session:
        found = session.execute(
            select(Action.subscriber_id, Action.at).order_by(Action.subscriber_id, Action.at)
        )
        return [(person, at) for person, at in found]


def report(house: House, *told: tuple[str, str], at: datetime = AT, **more: Any) -> list[Became]:
    """Report an act of each (email, phone) for the shipped campaign `daca`, which was never sent."""
    with house.db.transaction() as session:
        campaign = campaign_to_act_on(session, "daca")
        reports = [Report(campaign, at, *address_keys(house.keys, *one)) for one in told]
        return report_all(session, house, reports, how=ActionHow.REPORTED, thanks=False, **more)


def by_hand(house: House, who: str, at: datetime = AT) -> Became:
    with house.db.transaction() as session:
        campaign = campaign_to_act_on(session, "daca")
        return report_action(session, house, campaign, who, at=at, how=ActionHow.TOLD, thanks=False)


def a_family(house: House) -> list[int]:
    """Ana and Beto share a phone; Carla has one of her own."""
    add_list(house)
    return [
        add_person(house, email="ana@example.org", phone="312-555-0101"),
        add_person(house, email="beto@example.org", phone="312-555-0101"),
        add_person(house, email="carla@example.org", phone="312-555-0103"),
    ]


def test_an_email_means_one_person_and_a_familys_phone_all_of_them(any_house: House) -> None:
    ana, beto, carla = a_family(any_house)
    told = [("Carla@Example.org", ""), ("", "(312) 555-0101"), ("ana@example.org", "312-555-0101")]
    assert report(any_house, *told) == [Became.RECORDED, Became.RECORDED, Became.KNOWN]
    assert acts(any_house) == [(ana, AT), (beto, AT), (carla, AT)]


def test_of_two_addresses_one_may_be_unknown_but_not_somebody_elses(house: House) -> None:
    family = a_family(house)
    told = [
        ("ana@example.org", "312-555-0199"),  # her office
        ("new@example.org", "312-555-0103"),
        ("beto@example.org", "312-555-0103"),  # Carla's
        ("new@example.org", "312-555-0199"),
        ("ana at example", "312-555-0103"),
    ]
    expected = [Became.RECORDED, Became.RECORDED, Became.CONFLICT, Became.UNKNOWN, Became.KNOWN]
    assert report(house, *told) == expected
    assert [person for person, _ in acts(house)] == [family[0], family[2]]


def test_nothing_is_kept_of_people_whom_we_do_not_know(house: House) -> None:
    assert report(house, ("new@example.org", "")) == [Became.UNKNOWN]
    assert acts(house) == []
    with house.db.reading() as session:
        assert session.scalars(select(Subscriber.id)).all() == []
    assert report(house) == []


def test_an_act_counts_once_a_day_whoever_reports_it(house: House) -> None:
    family = a_family(house)
    again = AT + timedelta(hours=1)
    assert report(house, ("ana@example.org", "")) == [Became.RECORDED]
    assert report(house, ("ana@example.org", ""), at=again) == [Became.KNOWN]
    assert by_hand(house, str(family[0]), AT - timedelta(hours=8)) is Became.KNOWN
    assert by_hand(house, "312-555-0101", AT) is Became.RECORDED  # Beto, too
    assert report(house, ("ana@example.org", ""), at=AT + timedelta(hours=4)) == [Became.RECORDED]
    assert len(acts(house)) == 3


def test_staff_name_people_by_number_or_address(house: House) -> None:
    add_list(house)
    ana = add_person(house, email="ana@example.org")
    assert by_hand(house, str(ana)) is Became.RECORDED
    assert by_hand(house, "ana@example.org") is Became.KNOWN
    assert by_hand(house, "77") is Became.UNKNOWN
    with pytest.raises(InvalidAddress):
        by_hand(house, "ana@")


def test_an_address_is_needed(house: House) -> None:
    with pytest.raises(InvalidAddress):
        address_keys(house.keys, "", " ")
    with pytest.raises(InvalidAddress):
        address_keys(house.keys, "nobody", "12")


def test_nobody_acts_on_a_campaign_that_is_not_there(house: House) -> None:
    with house.db.transaction() as session, pytest.raises(UnknownCampaign):
        campaign_to_act_on(session, "dacca")
