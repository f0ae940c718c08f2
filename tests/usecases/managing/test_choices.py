"""What a person gets, list by list and channel by channel: to see, and to change."""

from collections.abc import Collection

import pytest
from manage_desk import Desk
from people import add_list, add_person, suppress_person
from sqlalchemy import select

from dispatcher.errors import BadToken
from dispatcher.models import ConsentEvent, Disclosure, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.managing.choices import Choices, alone, look, save
from dispatcher.usecases.managing.links import ManageToken

PHONE = "+13125550100"
SHOWN = {Channel.EMAIL: "emails, in these words", Channel.SMS: "texts, in these words"}


def seen(desk: Desk, token: ManageToken) -> Choices:
    with desk.house.db.reading() as session:
        return look(session, token)


def saved(
    desk: Desk,
    token: ManageToken,
    *,
    email: Collection[int] = (),
    sms: Collection[int] = (),
    language: str | None = None,
) -> Choices:
    with desk.house.db.transaction() as session:
        wanted = {Channel.EMAIL: email, Channel.SMS: sms}
        return save(session, token, wanted, language=language, shown=SHOWN)


def told(choices: Choices) -> dict[str, list[tuple[str, bool]]]:
    return {str(one.channel): [(offer.name, offer.on) for offer in one.offers] for one in choices.channels}


def test_a_person_sees_public_names_masked_addresses_and_what_is_on(desk: Desk) -> None:
    daca = add_list(desk.house, "daca", "ICIRR alerts", sensitive=True)
    add_list(desk.house, "healthcare", "ICIRR alerts")
    senators = add_list(desk.house, "senators", "Senate news")
    add_list(desk.house, "internal", "Nobody joined this")
    maria = add_person(
        desk.house,
        email="maria@example.org",
        phone=PHONE,
        lists=("daca", "healthcare", "senators"),
        language="es",
    )
    choices = seen(desk, desk.token(maria))
    both = [("ICIRR alerts", True), ("Senate news", True)]
    assert told(choices) == {"email": both, "sms": both}
    assert [one.masked for one in choices.channels] == ["m…@example.org", "+1312…0100"]
    assert (choices.language, choices.family) == ("es", False)
    assert [offer.number for offer in choices.channels[0].offers] == [daca, senators]
    assert "maria" not in repr(choices).replace("m…", "")


def test_what_is_not_ticked_is_left_and_what_is_ticked_again_is_agreed_to_anew(any_desk: Desk) -> None:
    daca = add_list(any_desk.house)
    maria = add_person(any_desk.house, email="maria@example.org", phone=PHONE)
    token = any_desk.token(maria)
    assert told(saved(any_desk, token, sms={daca})) == {
        "email": [("ICIRR alerts", False)],
        "sms": [("ICIRR alerts", True)],
    }
    assert any_desk.on() == {(maria, "sms")}
    assert told(saved(any_desk, token, email={daca}, language="pl"))["email"] == [("ICIRR alerts", True)]
    assert any_desk.on() == {(maria, "email")}
    with any_desk.house.db.reading() as session:
        newest = session.scalars(
            select(ConsentEvent).where(ConsentEvent.act == "joined").order_by(ConsentEvent.id.desc())
        ).first()
        assert newest is not None
        assert (newest.source, newest.language) == ("preferences page", "pl")
        words = session.scalars(select(Disclosure.words).where(Disclosure.id == newest.disclosure_id)).one()
        assert words == "emails, in these words"
        assert session.get_one(Subscriber, maria).language == "pl"


def test_a_list_that_the_person_never_joined_cannot_be_joined_here(desk: Desk) -> None:
    daca = add_list(desk.house)
    other = add_list(desk.house, "internal", "Internal")
    maria = add_person(desk.house, email="maria@example.org")
    saved(desk, desk.token(maria), email={daca, other, 4711})
    with desk.house.db.reading() as session:
        assert set(session.scalars(select(ConsentEvent.list_id))) == {daca}


def test_a_tick_lifts_what_kept_an_email_address_out(desk: Desk) -> None:
    daca = add_list(desk.house)
    maria = add_person(desk.house, email="maria@example.org")
    suppress_person(desk.house, maria, Channel.EMAIL, SuppressionReason.BY_STAFF)
    token = desk.token(maria)
    assert told(seen(desk, token)) == {"email": [("ICIRR alerts", False)]}
    saved(desk, token, email={daca})
    assert desk.suppressed() == {}
    assert desk.on() == {(maria, "email")}


def test_a_stop_by_text_is_undone_by_start_alone(desk: Desk) -> None:
    daca = add_list(desk.house)
    maria = add_person(desk.house, email="maria@example.org", phone=PHONE)
    suppress_person(desk.house, maria, Channel.SMS)
    token = desk.token(maria)
    texts = seen(desk, token).of(Channel.SMS)
    assert texts is not None
    assert texts.stopped
    saved(desk, token, email={daca}, sms={daca})
    assert desk.suppressed() == {"sms": "stop"}


def test_a_link_to_a_family_phone_is_about_its_texts_alone(any_desk: Desk) -> None:
    daca = add_list(any_desk.house)
    maria = add_person(any_desk.house, email="maria@example.org", phone=PHONE)
    jose = add_person(any_desk.house, email="jose@example.org", phone=PHONE)
    token = any_desk.token(maria, Channel.SMS)
    choices = seen(any_desk, token)
    assert choices.family
    assert [one.channel for one in choices.channels] == [Channel.SMS]
    assert choices.of(Channel.EMAIL) is None
    saved(any_desk, token, language="pl")
    assert any_desk.on() == {(maria, "email"), (jose, "email")}
    saved(any_desk, token, sms={daca})
    assert any_desk.on() == {(person, channel) for person in (maria, jose) for channel in ("email", "sms")}
    with any_desk.house.db.reading() as session:
        assert session.get_one(Subscriber, maria).language == "en"
        with pytest.raises(BadToken):
            alone(session, token)


def test_a_number_that_moved_over_from_somebody_can_join_what_it_had_joined(desk: Desk) -> None:
    """Consent is the address's: whoever has it now may agree again, and nobody else is subscribed."""
    daca = add_list(desk.house)
    maria = add_person(desk.house, phone=PHONE)
    heir = add_person(desk.house, email="heir@example.org")
    with desk.house.db.transaction() as session:
        first, second = session.get_one(Subscriber, maria), session.get_one(Subscriber, heir)
        second.phone, second.phone_key = first.phone, first.phone_key
        session.delete(first)
    token = desk.token(heir, Channel.SMS)
    assert told(seen(desk, token))["sms"] == [("ICIRR alerts", False)]
    saved(desk, token, email={daca}, sms={daca})
    assert desk.on() == {(heir, "email"), (heir, "sms")}
