"""The practice house: two hundred people who don't exist, and never beside real ones."""

from collections import Counter
from pathlib import Path

import pytest
from campaigns import write_campaign
from people import add_list, add_person
from sqlalchemy import func, select

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.content.load import list_campaigns
from dispatcher.errors import RealPeopleHere
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Disclosure, List, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.quiet_zones import is_zone
from dispatcher.rules.reserved import is_reserved
from dispatcher.usecases.practice_people import HOW_MANY, people
from dispatcher.usecases.set_up_practice import PUBLIC_NAME, set_up_practice


def set_up(house: House) -> tuple[int, int]:
    with house.db.transaction() as session:
        return set_up_practice(session, house.keys, house.db.shown)


def test_the_people_are_the_same_every_time_and_belong_to_nobody() -> None:
    assert people() == people()
    assert len(people()) == HOW_MANY == 200
    for person in people():
        assert is_reserved(parse_email(person.email).address)
        assert is_reserved(parse_phone(person.phone).e164)
        assert person.time_zone is None or is_zone(person.time_zone)


def test_they_read_four_languages_live_in_several_zones_and_one_phone_is_a_familys() -> None:
    assert {person.language for person in people()} == {"en", "es", "pl", "ar"}
    assert len({person.time_zone for person in people()}) > 4
    assert len({person.email for person in people()}) == HOW_MANY
    phones = Counter(person.phone for person in people())
    assert [number for number in phones.values() if number > 1] == [2]


def test_setting_up_adds_people_lists_and_consent(house: House) -> None:
    added, campaigns = set_up(house)
    assert (added, campaigns) == (HOW_MANY, len(list_campaigns()))
    with house.db.reading() as session:
        slugs = set(session.scalars(select(List.slug)))
        wanted = {slug for one in list_campaigns() if one.source for slug in one.source.manifest.lists}
        assert slugs == wanted
        assert set(session.scalars(select(List.public_name))) == {PUBLIC_NAME}
        assert session.scalars(select(List.sensitive).where(List.slug == "daca")).one()
        by_channel = dict(
            session.execute(
                select(Subscription.channel, func.count())
                .where(Subscription.list_id == 1)
                .group_by(Subscription.channel)
            ).all()
        )
        assert by_channel == {Channel.EMAIL: 200, Channel.SMS: 172}
        assert session.scalar(select(func.count()).select_from(Suppression)) == 3
        assert session.scalar(select(func.count()).select_from(Disclosure)) == 1
        texts = select(ConsentEvent.disclosure_id).where(ConsentEvent.channel == Channel.SMS)
        assert None not in set(session.scalars(texts))
        assert None not in set(session.scalars(select(Subscriber.quiet_zones)))


def test_setting_up_again_adds_nobody(house: House) -> None:
    set_up(house)
    assert set_up(house) == (0, len(list_campaigns()))


def test_a_campaign_of_ones_own_gets_its_list_and_a_broken_one_hinders_nothing(
    house: House, tmp_path: Path
) -> None:
    write_campaign(tmp_path, "budget", lists=["budget-watch"])
    (write_campaign(tmp_path, "broken") / "campaign.toml").write_text("title =")
    set_up(house)
    with house.db.reading() as session:
        assert "budget-watch" in set(session.scalars(select(List.slug)))


def test_a_list_that_is_there_stays_as_it_is(house: House) -> None:
    add_list(house, "daca", public_name="Our alerts")
    set_up(house)
    with house.db.reading() as session:
        assert session.scalars(select(List.public_name).where(List.slug == "daca")).one() == "Our alerts"


@pytest.mark.parametrize("address", [{"email": "ana@icirr.org"}, {"phone": "312-555-0101"}])
def test_beside_real_people_nobody_practises(house: House, address: dict[str, str]) -> None:
    add_list(house)
    add_person(house, **address)  # type: ignore[arg-type]
    with pytest.raises(RealPeopleHere, match=r"dispatch\.db has people in it who aren't made up"):
        set_up(house)
    with house.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Subscriber)) == 1
