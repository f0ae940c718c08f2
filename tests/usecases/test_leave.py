"""Leaving: by address, by link, by staff; and what no later import undoes."""

import pytest
from people import add_list, add_person
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import ConsentEvent, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.tokens import LeaveToken
from dispatcher.usecases.leave import leave, leave_by_link, view
from dispatcher.usecases.unsubscribe import unsubscribe


def key_of(house: House, address: str) -> bytes:
    return house.keys.address_key(address)


def still_on(house: House) -> list[tuple[int, str, int]]:
    """Subscriber, channel and list of everybody who hasn't left."""
    with house.db.reading() as session:
        held = session.scalars(select(Subscription).where(Subscription.left_at.is_(None)))
        return sorted((one.subscriber_id, str(one.channel), one.list_id) for one in held)


def left(house: House) -> list[tuple[str, int, str]]:
    """Channel, list and source of the ledger's leavings."""
    with house.db.reading() as session:
        events = session.scalars(select(ConsentEvent).where(ConsentEvent.act == ConsentAct.LEFT))
        return [(str(one.channel), one.list_id, one.source) for one in events]


def test_an_address_leaves_the_lists_that_are_named_on_that_channel_alone(any_house: House) -> None:
    daca, health = add_list(any_house, "daca"), add_list(any_house, "healthcare")
    maria = add_person(
        any_house, email="maria@example.org", phone="312-555-0100", lists=("daca", "healthcare")
    )
    with any_house.db.transaction() as session:
        key = key_of(any_house, "maria@example.org")
        assert leave(session, Channel.EMAIL, key, "one-click", list_ids=[daca]) == (daca,)
        assert leave(session, Channel.EMAIL, key, "one-click", list_ids=[daca]) == ()
    assert still_on(any_house) == [(maria, "email", health), (maria, "sms", daca), (maria, "sms", health)]
    assert left(any_house) == [("email", daca, "one-click")]


def test_without_a_list_an_address_leaves_all_that_it_ever_agreed_to(house: House) -> None:
    daca, health = add_list(house, "daca"), add_list(house, "healthcare")
    add_list(house, "senators")
    add_person(house, email="maria@example.org", lists=("daca", "healthcare"))
    with house.db.transaction() as session:
        assert leave(session, Channel.EMAIL, key_of(house, "maria@example.org"), "letter") == (
            daca,
            health,
        )
    assert still_on(house) == []


def test_leaving_a_list_that_was_never_joined_is_written_down_against_later_imports(house: House) -> None:
    daca = add_list(house)
    with house.db.transaction() as session:
        key = key_of(house, "new@example.org")
        assert leave(session, Channel.EMAIL, key, "letter", list_ids=[daca]) == (daca,)
    assert left(house) == [("email", daca, "letter")]


def test_a_link_leaves_with_the_old_address_and_the_new(any_house: House) -> None:
    daca = add_list(any_house)
    maria = add_person(any_house, phone="312-555-0100")
    new = key_of(any_house, "+13125550101")
    with any_house.db.transaction() as session:
        session.get_one(Subscriber, maria).phone_key = new
    with any_house.db.transaction() as session:
        leave_by_link(session, LeaveToken(maria, (daca,), Channel.SMS), "leave page")
    with any_house.db.reading() as session:
        keys = session.scalars(select(ConsentEvent.address_key).where(ConsentEvent.act == ConsentAct.LEFT))
        assert set(keys) == {new, key_of(any_house, "+13125550100")}
    assert still_on(any_house) == []


def test_a_link_of_a_person_without_an_address_on_that_channel_is_harmless(house: House) -> None:
    daca = add_list(house)
    maria = add_person(house, email="maria@example.org")
    with house.db.transaction() as session:
        leave_by_link(session, LeaveToken(maria, (daca,), Channel.SMS), "leave page")
    assert left(house) == []
    assert len(still_on(house)) == 1


def test_a_link_shows_public_names_and_the_persons_language(house: House) -> None:
    daca, other = add_list(house, "daca", "ICIRR alerts"), add_list(house, "healthcare", "ICIRR alerts")
    maria = add_person(house, email="maria@example.org", language="es")
    with house.db.reading() as session:
        seen = view(session, LeaveToken(maria, (daca, other), Channel.EMAIL))
        nobody = view(session, LeaveToken(4711, (daca,), Channel.EMAIL))
    assert (seen.list_names, seen.language) == (("ICIRR alerts",), "es")
    assert nobody.language is None


@pytest.mark.parametrize(
    ("address", "channel", "reason"),
    [
        ("Maria@Example.org", Channel.EMAIL, SuppressionReason.BY_STAFF),
        ("(312) 555-0100", Channel.SMS, SuppressionReason.STOP),
    ],
)
def test_an_opt_out_taken_by_staff_holds_for_the_whole_organisation(
    house: House, address: str, channel: Channel, reason: SuppressionReason
) -> None:
    daca = add_list(house)
    add_person(house, email="maria@example.org", phone="312-555-0100")
    with house.db.transaction() as session:
        first = unsubscribe(session, house.keys, address, "phone call")
        again = unsubscribe(session, house.keys, address, "phone call")
    assert (first.channel, first.lists, first.suppressed) == (channel, (daca,), True)
    assert (again.lists, again.suppressed) == ((), False)
    with house.db.reading() as session:
        assert session.scalars(select(Suppression.reason)).all() == [reason]
    assert [(one[1]) for one in still_on(house)] == [str(c) for c in Channel if c is not channel]


def test_an_opt_out_of_one_list_suppresses_nothing(house: House) -> None:
    daca = add_list(house)
    add_person(house, email="maria@example.org")
    with house.db.transaction() as session:
        taken = unsubscribe(session, house.keys, "maria@example.org", "phone call", list_id=daca)
    assert (taken.lists, taken.suppressed) == ((daca,), False)
    with house.db.reading() as session:
        assert session.scalars(select(Suppression)).all() == []
