"""All that is held of one person, for them."""

import json

import pytest
from people import add_list, add_person
from sent_messages import sent_message

from dispatcher.errors import SharedPhone
from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, List, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.consent import Evidence, disclosure_id, join
from dispatcher.usecases.export_page import as_page, sections
from dispatcher.usecases.export_person import Record, as_json, export_person
from dispatcher.usecases.retention.silence import heard_from
from dispatcher.usecases.unsubscribe import unsubscribe


def record(house: House, who: str) -> Record:
    with house.db.reading() as session:
        return export_person(session, house.keys, who)


@pytest.fixture
def maria(house: House) -> int:
    """On daca by email and text, with a message; her email has left."""
    add_list(house, sensitive=True)
    person = add_person(house, email="maria@example.org", phone="312-555-0100", first_name="<María>")
    message = sent_message(house, person)
    with house.db.transaction() as session:
        session.get_one(Subscriber, person).attributes = '{"Parish": "Pius"}'
        log = {"alert_id": 1, "channel": Channel.EMAIL, "subscriber_id": person, "attempt": 1}
        session.add(DeliveryLogEntry(at=house.db.now(), message_id=message, status=Status.SENT, **log))
        key = session.get_one(Subscriber, person).phone_key
        assert key
        heard_from(session, Channel.SMS, key)
        heard_from(session, Channel.SMS, key)  # once more is no news
        unsubscribe(session, house.keys, "maria@example.org", "phone call")
    return person


def test_everything_is_there_with_public_names_alone(house: House, maria: int) -> None:
    told = json.loads(as_json(record(house, str(maria))))
    assert told["about"]["attributes"] == {"Parish": "Pius"}
    assert {one["list"] for one in told["subscriptions"] + told["consents"]} == {"ICIRR alerts"}
    assert [one["act"] for one in told["consents"]] == ["joined", "joined", "left"]
    assert told["suppressions"][0]["reason"] == "by_staff"
    assert [event["status"] for event in told["messages"][0]["events"]] == ["sent"]
    assert len(told["more"]["last_heard"]) == 1


def test_the_page_can_be_read_and_runs_nothing(house: House, maria: int) -> None:
    page = as_page(record(house, str(maria)))
    assert "<María>" not in page
    assert "&lt;María&gt;" in page
    assert "<script" not in page
    lines = {line for section in sections(record(house, str(maria))) for line in section.lines}
    assert {"Email: maria@example.org", "Parish: Pius", "We send you nothing by email."} <= lines
    assert "ICIRR alerts (text)" in lines  # not by email: that one has left
    assert any(line.endswith("DACA (email): sent") for line in lines)


def test_it_is_in_the_persons_language(house: House) -> None:
    add_list(house)
    add_person(house, email="amal@example.org", language="ar")
    page = as_page(record(house, "amal@example.org"))
    assert '<html lang="ar" dir="rtl">' in page
    assert "ما نحتفظ به عنك" in page
    assert '<bdi dir="ltr">amal@example.org</bdi>' in page
    assert "لا شيء." in page


def test_where_its_words_have_no_reviewer_the_page_is_in_english_and_says_so(house: House) -> None:
    add_list(house)
    add_person(house, email="olena@example.org", language="uk")
    page = as_page(record(house, "olena@example.org"), stylesheet="/pages.css")
    assert '<html lang="en" dir="ltr">' in page
    assert "What we keep about you" in page
    assert '<link rel="stylesheet" href="/pages.css">' in page


def test_the_words_that_were_shown_are_told(house: House) -> None:
    add_list(house)
    person = add_person(
        house, email="maria@example.org", lists=(), language="uk"
    )  # its words have no reviewer
    with house.db.transaction() as session:
        evidence = Evidence("rally", disclosure_id(session, "Msg & data rates may apply"))
        join(
            session,
            session.get_one(Subscriber, person),
            session.query(List).one().id,
            Channel.EMAIL,
            evidence,
        )
    agreed = sections(record(house, str(person)))[2].lines
    assert "These words were shown: “Msg & data rates may apply”" in agreed[0]


def test_a_phone_of_several_does_not_say_whose_data_is_meant(house: House) -> None:
    add_list(house)
    add_person(house, email="maria@example.org", phone="312-555-0100")
    add_person(house, email="jose@example.org", phone="312-555-0100")
    with pytest.raises(SharedPhone):
        record(house, "312-555-0100")
