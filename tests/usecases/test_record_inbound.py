"""Texts that people send us: STOP, START, HELP and everything else."""

import pytest
from people import add_list, add_person, suppress_person
from sqlalchemy import select, text, update

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import (
    ConsentEvent,
    ErasureAsked,
    LastHeard,
    Reply,
    SignUp,
    SignUpAddress,
    Subscriber,
    Subscription,
    Suppression,
)
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.opt_out_words import Keyword
from dispatcher.usecases.consent import disclosure_id
from dispatcher.usecases.forget import forget
from dispatcher.usecases.hold import begin_hold
from dispatcher.usecases.leave import leave
from dispatcher.usecases.record_inbound import Answer, Reaction, record_inbound
from dispatcher.usecases.unsubscribe import unsubscribe

NUMBER = "+13125550100"


def say(
    house: House, body: str, *, number: str = NUMBER, handled: Keyword | None = None, sid: str = ""
) -> Reaction:
    with house.db.transaction() as session:
        return record_inbound(session, house.keys, InboundText(number, body, handled, sid))


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
    assert say(any_house, "Stop!") == Reaction(Answer.STOP, "en")
    assert texts_reach(any_house) == []
    assert reasons(any_house) == [SuppressionReason.STOP]
    with any_house.db.reading() as session:
        emails = select(Subscription).where(
            Subscription.channel == Channel.EMAIL, Subscription.left_at.is_(None)
        )
        assert len(session.scalars(emails).all()) == 3


def test_a_second_stop_is_not_confirmed_again(house: House) -> None:
    assert say(house, "STOP").reply is Answer.STOP
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
    assert say(any_house, "START") == Reaction(Answer.START, "en")
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
    assert say(house, "START").reply is Answer.HELP
    assert texts_reach(house) == []
    assert reasons(house) == []


def test_start_does_not_subscribe_a_person_who_has_another_number_now(house: House) -> None:
    add_list(house)
    maria = add_person(house, phone=NUMBER)
    say(house, "STOP")
    with house.db.transaction() as session:
        session.get_one(Subscriber, maria).phone_key = b"another number's"
    assert say(house, "START").reply is Answer.HELP
    assert texts_reach(house) == []


def test_start_lifts_an_opt_out_taken_by_phone_but_joins_nothing_by_itself(house: House) -> None:
    add_list(house)
    add_person(house, phone=NUMBER)
    with house.db.transaction() as session:
        unsubscribe(session, house.keys, NUMBER, "phone call")
    assert say(house, "ALTA") == Reaction(Answer.HELP, "es")
    assert reasons(house) == []
    assert texts_reach(house) == []


@pytest.mark.parametrize("reason", [SuppressionReason.COMPLAINED, SuppressionReason.BOUNCED])
def test_start_lifts_no_other_suppression(house: House, reason: SuppressionReason) -> None:
    add_list(house)
    suppress_person(house, add_person(house, phone=NUMBER), Channel.SMS, reason)
    assert say(house, "START").reply is Answer.HELP
    assert reasons(house) == [reason]


def test_help_is_answered_and_changes_nothing(house: House) -> None:
    assert say(house, "¿Ayuda?") == Reaction(Answer.HELP, "es")
    assert reasons(house) == []


@pytest.mark.parametrize("keyword", [Keyword.STOP, Keyword.START, Keyword.HELP])
def test_what_twilio_has_answered_is_acted_upon_in_silence(house: House, keyword: Keyword) -> None:
    assert say(house, "anything at all", handled=keyword).reply is None
    assert reasons(house) == ([SuppressionReason.STOP] if keyword is Keyword.STOP else [])


def test_anything_else_is_left_alone(house: House) -> None:
    assert say(house, "Stop the deportations!").reply is None
    assert say(house, "STOP", number="ICIRR").reply is None
    assert reasons(house) == []


def kept(house: House) -> list[tuple[str, str, int | None]]:
    """What is kept for people to read: tier, words, whose."""
    with house.db.reading() as session:
        found = session.scalars(select(Reply).order_by(Reply.id))
        return [(str(one.tier), one.words, one.subscriber_id) for one in found]


def people_here(house: House) -> list[int]:
    with house.db.reading() as session:
        return sorted(session.scalars(select(Subscriber.id)))


def test_a_sentence_that_means_stop_counts_and_is_kept_for_people_to_see(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, phone=NUMBER, language="es")
    assert say(any_house, "ya no me manden mensajes") == Reaction(Answer.STOP, "es")
    assert texts_reach(any_house) == []
    assert kept(any_house) == [("leaves", "ya no me manden mensajes", maria)]


def test_a_slogan_leaves_nothing_is_not_answered_and_waits_for_people(house: House) -> None:
    add_list(house)
    maria = add_person(house, phone=NUMBER)
    assert say(house, "Stop the deportations!").reply is None
    assert texts_reach(house) == [maria]
    assert kept(house) == [("look", "Stop the deportations!", maria)]


def test_what_is_kept_of_a_text_is_encrypted_and_goes_with_the_person(house: House) -> None:
    add_list(house)
    maria = add_person(house, phone=NUMBER)
    say(house, "who is this")
    with house.db.reading() as session:
        assert b"who is this" not in session.scalars(text("SELECT words FROM replies")).one()
    with house.db.transaction() as session:
        forget(session, house.keys, str(maria))
    assert kept(house) == []


def test_a_thank_you_is_neither_answered_nor_kept(house: House) -> None:
    assert say(house, "Gracias!").reply is None
    assert say(house, "ok").reply is None
    assert kept(house) == []


def test_a_text_of_a_family_phone_or_of_nobody_is_kept_without_a_name(house: House) -> None:
    add_list(house)
    for email in ("maria@example.org", "jose@example.org"):
        add_person(house, email=email, phone=NUMBER)
    say(house, "who is this")
    say(house, "who are you", number="+13125550199")
    assert [whose for _, _, whose in kept(house)] == [None, None]


def test_a_yes_confirms_a_sign_up_that_waits_and_nothing_else(house: House) -> None:
    daca = add_list(house)
    assert say(house, "YES").reply is None
    wait_for_yes(house, daca)
    assert say(house, "SÍ").reply is Answer.JOINED
    assert len(texts_reach(house)) == 1
    assert say(house, "YES").reply is None


def test_every_text_of_a_known_number_is_a_sign_of_life(house: House) -> None:
    add_list(house)
    add_person(house, phone=NUMBER)
    say(house, "ok")
    say(house, "ok", number="+13125550199")
    with house.db.reading() as session:
        assert session.scalars(select(LastHeard.address_key)).all() == [house.keys.address_key(NUMBER)]


def test_erase_forgets_the_person_everywhere_once_they_have_said_it_twice(any_house: House) -> None:
    add_list(any_house)
    add_person(any_house, email="maria@example.org", phone=NUMBER, language="es")
    assert say(any_house, "BORRAR") == Reaction(Answer.ERASE, "es")
    assert len(people_here(any_house)) == 1
    assert say(any_house, "borrar sí") == Reaction(Answer.ERASED, "es")
    assert people_here(any_house) == []
    assert set(reasons(any_house)) == {SuppressionReason.FORGOTTEN}
    assert len(reasons(any_house)) == 2


def test_an_erase_yes_that_nothing_was_asked_before_is_asked_about(house: House) -> None:
    add_list(house)
    add_person(house, phone=NUMBER)
    assert say(house, "ERASE YES").reply is Answer.ERASE
    assert len(people_here(house)) == 1


def test_a_question_about_erasing_is_good_for_a_day(house: House) -> None:
    add_list(house)
    add_person(house, phone=NUMBER)
    say(house, "ERASE")
    with house.db.transaction() as session:
        session.execute(update(ErasureAsked).values(asked_at=db_now(-25 * 3600)))
    assert say(house, "ERASE YES").reply is Answer.ERASE
    assert say(house, "ERASE YES").reply is Answer.ERASED


def test_a_mere_yes_after_erase_forgets_nobody_and_is_looked_at(house: House) -> None:
    add_list(house)
    add_person(house, phone=NUMBER)
    say(house, "ERASE")
    assert say(house, "yes").reply is None
    assert len(people_here(house)) == 1
    assert [tier for tier, _, _ in kept(house)] == ["look"]


def test_erase_from_a_family_phone_forgets_the_number_and_who_has_nothing_else(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, email="maria@example.org", phone=NUMBER)
    add_person(any_house, phone=NUMBER)
    say(any_house, "ERASE")
    say(any_house, "ERASE YES")
    assert people_here(any_house) == [maria]
    with any_house.db.reading() as session:
        person = session.get_one(Subscriber, maria)
        assert (person.phone, person.phone_key, person.quiet_zones) == (None, None, None)
        assert person.email == "maria@example.org"
        assert session.scalars(select(Subscription.channel)).all() == [Channel.EMAIL]
    assert reasons(any_house) == [SuppressionReason.FORGOTTEN]


def test_under_a_legal_hold_an_erased_family_phone_gets_nothing_and_nothing_is_deleted(house: House) -> None:
    add_list(house)
    add_person(house, email="maria@example.org", phone=NUMBER)
    add_person(house, phone=NUMBER)
    with house.db.transaction() as session:
        begin_hold(session, "a court asks")
    say(house, "ERASE")
    assert say(house, "ERASE YES").reply is Answer.ERASED
    assert len(people_here(house)) == 2
    assert texts_reach(house) == []
    assert say(house, "ERASE YES").reply is Answer.ERASE


def test_erase_from_a_number_of_nobody_here_keeps_it_out(house: House) -> None:
    say(house, "ERASE")
    assert say(house, "ERASE YES").reply is Answer.ERASED
    assert reasons(house) == [SuppressionReason.FORGOTTEN]


def wait_for_yes(house: House, list_id: int) -> None:
    """A sign-up with this number waits for its YES."""
    with house.db.transaction() as session:
        sign_up = SignUp(
            reference=b"r" * 16,
            list_ids=f"[{list_id}]",
            language="es",
            read_in="es",
            source="sign-up",
            page="/join",
        )
        session.add(sign_up)
        session.flush()
        session.add(
            SignUpAddress(
                sign_up_id=sign_up.id,
                channel=Channel.SMS,
                address=NUMBER,
                address_key=house.keys.address_key(NUMBER),
                disclosure_id=disclosure_id(session, "the words"),
                asked=True,
            )
        )


@pytest.mark.parametrize("body", ["HELP", "ERASE", "Can I renew?"])
def test_a_text_that_is_told_twice_is_acted_on_and_answered_once(any_house: House, body: str) -> None:
    first, again, other = (say(any_house, body, sid=sid) for sid in ("SM1", "SM1", "SM2"))
    assert again == Reaction(None)
    assert other == first
    with any_house.db.reading() as session:
        assert len(session.scalars(select(Reply)).all()) == (2 if "?" in body else 0)


def test_a_start_that_is_told_twice_is_not_taken_for_one_too_many(house: House) -> None:
    add_list(house)
    add_person(house, phone=NUMBER)
    say(house, "STOP", sid="SM1")
    assert say(house, "START", sid="SM2").reply is Answer.START
    assert say(house, "START", sid="SM2").reply is None
