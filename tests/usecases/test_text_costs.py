"""What texts take: person by person beforehand, and the same afterwards."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people, add_person
from sqlalchemy import update

from dispatcher.content.render import Compiled
from dispatcher.house import House
from dispatcher.models import Message, StopTold, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.prices import Prices
from dispatcher.rules.text_cost import TextCost
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.choosing import everyone_meant
from dispatcher.usecases.forget import forget
from dispatcher.usecases.text_audience import text_costs, text_facts
from dispatcher.usecases.text_costs import TextCosts
from dispatcher.usecases.text_sizes import TextSizes
from dispatcher.usecases.text_spending import spent
from dispatcher.usecases.text_tally import cost_of_one

SMS = Channel.SMS
CHOICE = Choice((SMS,), ("daca",))
PRICES = "US=0.01,MX=0.05"


@pytest.fixture
def priced(open_house_with: OpenHouse, any_database_url: str) -> House:
    house = open_house_with(database_url=any_database_url, sms_prices=PRICES)
    add_list(house)
    return house


def costs(house: House, **how: Any) -> dict[str, TextCost]:
    """What the texts of the campaign here take, of everybody on the list."""
    frozen = frozen_campaign()
    with house.db.reading() as session:
        (audience,) = everyone_meant(session, frozen, CHOICE, house.settings, now=house.db.now())
        people: dict[str, int] = {}
        for (reader, _), number in audience.tally_of_recipients(session).items():
            language = audience.languages.written_in[reader]
            people[language] = people.get(language, 0) + number
        return TextCosts(house.settings, frozen, **how).by_language(session, audience, people)


def write(tmp_path: Path, text: str, **given: Any) -> None:
    folder = write_campaign(tmp_path, **given)
    for path in folder.rglob("sms.txt"):
        path.write_text(text)


def test_each_persons_text_is_counted_as_it_would_be_written(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "ICIRR: {{ name or 'friend' }}, call today. " + "a" * 45 + " STOP")
    add_person(priced, phone="+13125550101", first_name="Ana")
    add_person(priced, phone="+13125550102", first_name="Łucja")  # in UCS-2, for one letter
    add_person(priced, phone="+13125550103", first_name="José Konstanty")
    add_person(priced, phone="+13125550104")
    assert costs(priced) == {"en": TextCost(4, 5, Decimal("0.05"), currency="USD")}


def test_languages_are_counted_apart_and_readers_of_a_region_with_theirs(
    priced: House, tmp_path: Path
) -> None:
    spanish = "{% if language == 'es' %}" + "a" * 160 + "{% endif %}"
    write(tmp_path, f"ICIRR: {spanish} STOP", languages=["en", "es"])
    add_people(priced, 2)
    add_people(priced, 1, language="es")
    add_people(priced, 1, language="es-MX")
    found = costs(priced)
    assert (found["en"].segments, found["es"].segments) == (2, 4)


def test_a_number_is_priced_by_its_country(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "ICIRR: call. STOP")
    for phone in ("+13125550101", "+525512345678", "+441134960000", "+14165550123"):
        add_person(priced, phone=phone)
    assert costs(priced) == {"en": TextCost(4, 4, Decimal("0.06"), unpriced=2, currency="USD")}


def test_without_prices_there_are_segments_alone(house: House, tmp_path: Path) -> None:
    add_list(house)
    add_people(house, 3)
    write(tmp_path, "ICIRR: call. STOP")
    assert costs(house) == {"en": TextCost(3, 3, unpriced=3)}


def test_the_line_that_is_due_counts(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "a" * 150)
    add_people(priced, 2)
    with priced.db.transaction() as session:
        told = session.get_one(Subscriber, 1).phone_key
        session.add(StopTold(address_key=told, told_at=priced.db.now()))
    assert costs(priced)["en"].segments == 3


def test_who_can_not_be_written_to_is_told_apart(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "ICIRR: {{ attributes.city }} STOP")
    add_people(priced, 2)
    with priced.db.transaction() as session:
        session.get_one(Subscriber, 1).attributes = json.dumps({"city": "Chicago"})
    assert costs(priced) == {"en": TextCost(1, 1, Decimal("0.01"), unwritable=1, currency="USD")}


def test_a_persons_own_link_counts(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "{{ leave_url }} {{ last_name }} STOP " + "a" * 80)
    add_people(priced, 1)
    assert costs(priced)["en"].segments == 1
    write(tmp_path, "{{ leave_url }} {{ last_name }} STOP " + "a" * 100)
    assert costs(priced)["en"].segments == 2


def test_of_very_many_a_part_stands_for_all(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "ICIRR: call. STOP")
    add_people(priced, 25)
    assert costs(priced, exact=10) == {"en": TextCost(25, 25, Decimal("0.25"), about=True, currency="USD")}
    assert not costs(priced, exact=25)["en"].about


@pytest.mark.parametrize("remembers", [1, 2, 100])
def test_what_is_remembered_changes_nothing_of_what_is_counted(tmp_path: Path, remembers: int) -> None:
    write(tmp_path, "ICIRR: {{ first_name }} STOP")
    sizes = TextSizes(Compiled(frozen_campaign()), "en", "ICIRR alerts", str, remembers=remembers)
    names = ["Ana", "a" * 150, "Łucja", "ł" * 70] * 2
    readers = [sizes.reader(1, name, None, None, due=True) for name in names]
    assert [sizes.segments(reader) for reader in readers] == [1, 2, 1, 2] * 2


def test_a_campaigns_audience_is_looked_at_only_when_it_is_asked_for(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "ICIRR: call. STOP")
    facts = text_facts(priced, frozen_campaign(), CHOICE, at=priced.db.now())
    assert facts.short_links == {}
    add_people(priced, 2)
    expected = {"en": TextCost(2, 2, Decimal("0.02"), currency="USD")}
    assert facts.costs() == text_costs(priced, frozen_campaign(), CHOICE, at=priced.db.now()) == expected


def test_what_was_taken_is_summed_up_by_language(priced: House, tmp_path: Path) -> None:
    write(tmp_path, "ICIRR: call. STOP", languages=["en", "es"])
    add_person(priced, phone="+13125550101")
    add_person(priced, phone="+525512345678", language="es")
    gone = add_person(priced, phone="+13125550103")
    add_person(priced, phone="+13125550104")
    send(priced, opening(frozen_campaign(), channels=[SMS]))
    ids = [message.id for message in messages_of(priced)]
    with priced.db.transaction() as session:
        taken = update(Message).where(Message.id.in_(ids[:3]))
        session.execute(taken.values(status=Status.DELIVERED, segments=2))
        session.execute(update(Message).where(Message.id == ids[3]).values(status=Status.FAILED, segments=2))
        forget(session, priced.keys, str(gone))
    with priced.db.reading() as session:
        assert spent(session, priced.settings.prices, 1) == {
            "en": TextCost(2, 4, Decimal("0.02"), unpriced=2, currency="USD"),
            "es": TextCost(1, 2, Decimal("0.10"), currency="USD"),
        }
        assert spent(session, Prices(), 1) == {
            "en": TextCost(2, 4, unpriced=4),
            "es": TextCost(1, 2, unpriced=2),
        }
        assert spent(session, Prices(), 2) == {}


def test_one_text_has_a_cost_too() -> None:
    prices = Prices({"US": Decimal("0.01")})
    assert cost_of_one(prices, 2, "+13125550101") == TextCost(1, 2, Decimal("0.02"), currency="USD")
    assert cost_of_one(Prices(), 2, "+13125550101") == TextCost(1, 2, unpriced=2)
