"""Forgetting: nothing is left but keyed hashes, and they keep out."""

import pytest
from people import add_list, add_person
from sent_messages import sent_message
from sqlalchemy import func, select

from dispatcher.errors import SharedPhone, UnknownSubscriber
from dispatcher.house import House
from dispatcher.models import (
    Disclosure,
    Message,
    SignUp,
    SignUpAddress,
    Subscriber,
    Subscription,
    Suppression,
)
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.forget import Forgotten, forget
from dispatcher.usecases.hold import begin_hold


def forgotten(house: House, who: str) -> Forgotten:
    with house.db.transaction() as session:
        return forget(session, house.keys, who)


def kept_out(house: House) -> set[tuple[str, bytes]]:
    with house.db.reading() as session:
        held = session.scalars(select(Suppression).where(Suppression.reason == SuppressionReason.FORGOTTEN))
        return {(str(one.channel), one.address_key) for one in held}


def how_many(house: House, table: type[Subscriber | Subscription | SignUp]) -> int:
    with house.db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_person_is_gone_with_every_subscription_and_both_addresses_are_kept_out(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, email="maria@example.org", phone="312-555-0100")
    assert forgotten(any_house, "maria@example.org") == Forgotten(maria, phone_shared=False)
    assert (how_many(any_house, Subscriber), how_many(any_house, Subscription)) == (0, 0)
    key = any_house.keys.address_key
    assert kept_out(any_house) == {("email", key("maria@example.org")), ("sms", key("+13125550100"))}


def test_their_messages_stay_and_name_nobody(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, email="maria@example.org")
    message = sent_message(any_house, maria)
    assert forgotten(any_house, str(maria)).subscriber_id == maria
    with any_house.db.reading() as session:
        assert session.get_one(Message, message).subscriber_id is None


def test_a_phone_that_somebody_else_has_stays_theirs(house: House) -> None:
    add_list(house)
    maria = add_person(house, email="maria@example.org", phone="312-555-0100")
    add_person(house, email="jose@example.org", phone="312-555-0100")
    assert forgotten(house, "maria@example.org") == Forgotten(maria, phone_shared=True)
    assert kept_out(house) == {("email", house.keys.address_key("maria@example.org"))}
    assert how_many(house, Subscriber) == 1


def test_a_phone_of_several_does_not_say_who_is_meant(house: House) -> None:
    add_list(house)
    maria = add_person(house, email="maria@example.org", phone="312-555-0100")
    jose = add_person(house, email="jose@example.org", phone="312-555-0100")
    with pytest.raises(SharedPhone, match=f"by id: {maria}, {jose}"):
        forgotten(house, "312-555-0100")
    assert how_many(house, Subscriber) == 2


def test_two_people_without_phones_do_not_share_one(house: House) -> None:
    add_list(house)
    add_person(house, email="maria@example.org")
    add_person(house, email="jose@example.org")
    assert not forgotten(house, "maria@example.org").phone_shared


def test_a_person_with_a_phone_alone_is_forgotten_by_it(house: House) -> None:
    add_list(house)
    add_person(house, phone="312-555-0100")
    forgotten(house, "312-555-0100")
    assert kept_out(house) == {("sms", house.keys.address_key("+13125550100"))}


def test_an_address_of_nobody_here_is_kept_out_and_an_unknown_id_is_refused(house: House) -> None:
    assert forgotten(house, "ana@example.org") == Forgotten(None)
    assert kept_out(house) == {("email", house.keys.address_key("ana@example.org"))}
    with pytest.raises(UnknownSubscriber):
        forgotten(house, "4711")


def test_a_sign_up_that_waits_is_forgotten_with_its_address(house: House) -> None:
    add_list(house, is_open=True)
    waits = {"maria@example.org": b"1" * 16, "jose@example.org": b"2" * 16}
    with house.db.transaction() as session:
        disclosure = Disclosure(sha256="0" * 64, words="We write to you.")
        session.add(disclosure)
        for address, reference in waits.items():
            sign_up = SignUp(
                reference=reference, list_ids="[1]", language="en", read_in="en", source="site", page="/join"
            )
            session.add(sign_up)
            session.flush()
            key = house.keys.address_key(address)
            session.add(
                SignUpAddress(
                    sign_up_id=sign_up.id,
                    channel=Channel.EMAIL,
                    address=address,
                    address_key=key,
                    disclosure_id=disclosure.id,
                )
            )
    assert forgotten(house, "maria@example.org") == Forgotten(None)
    with house.db.transaction() as session:
        assert session.scalars(select(SignUpAddress.address)).all() == ["jose@example.org"]
        assert session.scalars(select(SignUp.reference)).all() == [b"2" * 16]
        begin_hold(session, "a letter from a court")
    assert forgotten(house, "jose@example.org") == Forgotten(None)
    assert how_many(house, SignUp) == 1
