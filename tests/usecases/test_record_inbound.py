"""Texts that people send us: STOP, START, HELP and everything else."""

import pytest
from people import add_list, add_person, suppress_person
from sqlalchemy import select

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.opt_out_words import Keyword
from dispatcher.usecases.leave import leave
from dispatcher.usecases.record_inbound import Reaction, record_inbound
from dispatcher.usecases.unsubscribe import unsubscribe

NUMBER = "+13125550100"


def say(house: House, body: str, *, number: str = NUMBER, handled: Keyword | None = None) -> Reaction:
    with house.db.transaction() as session:
        return record_inbound(session, house.keys, InboundText(number, body, handled))


def texts_reach(house: House) -> list[int]:
    """Who is still on a list by text."""
    with house.db.reading() as session:
        held = select(Subscription.subscriber_id).where(
            Subscription.channel == Channel.SMS, Subscription.left_at.is_(None)
        )
        return sorted(session.scalars(held))


def reasons(house: House) -> list[SuppressionReason]:
    with house.db.reading() as session:
        return list(session.scalars(select(Suppression.reason)))


def test_a_stop_ends_every_text_of_the_organisation_for_everybody_on_that_phone(any_house: House) -> None:
    add_list(any_house, "daca")
    add_list(any_house, "healthcare")
    add_person(any_house, email="maria@example.org", phone=NUMBER, lists=("daca", "healthcare"))
    add_person(any_house, email="jose@example.org", phone=NUMBER)
    assert say(any_house, "Stop!") == Reaction(Keyword.STOP, "en")
    assert texts_reach(any_house) == []
    assert reasons(any_house) == [SuppressionReason.STOP]
    with any_house.db.reading() as session:
        emails = select(Subscription).where(
            Subscription.channel == Channel.EMAIL, Subscription.left_at.is_(None)
        )
        assert len(session.scalars(emails).all()) == 3


def test_a_second_stop_is_not_confirmed_again(house: House) -> None:
    assert say(house, "STOP").reply is Keyword.STOP
    assert say(house, "STOP").reply is None


def test_a_stop_from_a_number_of_nobody_here_is_kept(house: House) -> None:
    say(house, "STOP")
    assert reasons(house) == [SuppressionReason.STOP]


@pytest.mark.parametrize(
    ("body", "language"), [("STOP", "pl"), ("ALTO", "es"), ("توقف", "ar")], ids=["stop", "alto", "arabic"]
)
def test_the_answer_is_in_the_words_language_or_else_the_persons(
    house: House, body: str, language: str
) -> None:
    add_list(house)
    add_person(house, phone=NUMBER, language="pl")
    assert say(house, body).language == language


def test_start_brings_back_the_lists_that_the_stop_ended(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, phone=NUMBER)
    jose = add_person(any_house, email="jose@example.org", phone=NUMBER)
    say(any_house, "STOP")
    assert say(any_house, "START") == Reaction(Keyword.START, "en")
    assert texts_reach(any_house) == [maria, jose]
    assert reasons(any_house) == []
    with any_house.db.reading() as session:
        sources = session.scalars(select(ConsentEvent.source).order_by(ConsentEvent.id.desc())).all()
    assert sources[:2] == ["text START", "text START"]


def test_start_does_not_bring_back_a_list_that_was_left_by_a_link_before(house: House) -> None:
    daca = add_list(house)
    add_person(house, phone=NUMBER)
    with house.db.transaction() as session:
        leave(session, Channel.SMS, house.keys.address_key(NUMBER), "leave page", list_ids=[daca])
    say(house, "STOP")
    assert say(house, "START").reply is Keyword.HELP
    assert texts_reach(house) == []
    assert reasons(house) == []


def test_start_does_not_subscribe_a_person_who_has_another_number_now(house: House) -> None:
    add_list(house)
    maria = add_person(house, phone=NUMBER)
    say(house, "STOP")
    with house.db.transaction() as session:
        session.get_one(Subscriber, maria).phone_key = b"another number's"
    assert say(house, "START").reply is Keyword.HELP
    assert texts_reach(house) == []


def test_start_lifts_an_opt_out_taken_by_phone_but_joins_nothing_by_itself(house: House) -> None:
    add_list(house)
    add_person(house, phone=NUMBER)
    with house.db.transaction() as session:
        unsubscribe(session, house.keys, NUMBER, "phone call")
    assert say(house, "ALTA") == Reaction(Keyword.HELP, "es")
    assert reasons(house) == []
    assert texts_reach(house) == []


@pytest.mark.parametrize("reason", [SuppressionReason.COMPLAINED, SuppressionReason.BOUNCED])
def test_start_lifts_no_other_suppression(house: House, reason: SuppressionReason) -> None:
    add_list(house)
    suppress_person(house, add_person(house, phone=NUMBER), Channel.SMS, reason)
    assert say(house, "START").reply is Keyword.HELP
    assert reasons(house) == [reason]


def test_help_is_answered_and_changes_nothing(house: House) -> None:
    assert say(house, "¿Ayuda?") == Reaction(Keyword.HELP, "es")
    assert reasons(house) == []


@pytest.mark.parametrize("keyword", Keyword)
def test_what_twilio_has_answered_is_acted_upon_in_silence(house: House, keyword: Keyword) -> None:
    assert say(house, "anything at all", handled=keyword).reply is None
    assert reasons(house) == ([SuppressionReason.STOP] if keyword is Keyword.STOP else [])


def test_anything_else_is_left_alone(house: House) -> None:
    assert say(house, "Stop the deportations!").reply is None
    assert say(house, "STOP", number="ICIRR").reply is None
    assert reasons(house) == []
