"""A new address: a code goes to it, and consent follows by the person's own act."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from manage_desk import Desk
from people import add_list, add_person, leave, suppress_person
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.errors import BadToken, InvalidAddress
from dispatcher.models import AddressChange, ConsentEvent, LastHeard, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.usecases.add_subscriber import add_subscriber
from dispatcher.usecases.consent import Evidence
from dispatcher.usecases.managing.links import ManageToken
from dispatcher.usecases.managing.moving import CODES_A_DAY, TRIES, Move, begin_move, finish_move

OLD, NEW = "+13125550100", "+13125550111"
EMAIL, SMS = Channel.EMAIL, Channel.SMS


def begin(desk: Desk, token: ManageToken, channel: Channel, address: str) -> Move:
    with desk.house.db.transaction() as session:
        return begin_move(session, desk.house.keys, token, channel, address)


def finish(desk: Desk, token: ManageToken, code: str) -> Move:
    with desk.house.db.transaction() as session:
        return finish_move(session, desk.house.keys, token, code)


def code_sent(desk: Desk) -> str:
    return str(json.loads(desk.notices()[-1].facts or "{}")["code"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.fixture
def maria(desk: Desk) -> int:
    add_list(desk.house)
    return add_person(desk.house, email="maria@example.org", phone=OLD, language="es")


def test_a_new_number_gets_the_texts_and_the_old_one_is_suppressed(any_desk: Desk) -> None:
    add_list(any_desk.house)
    maria = add_person(any_desk.house, email="maria@example.org", phone=OLD, time_zone="America/Chicago")
    token = any_desk.token(maria)
    assert begin(any_desk, token, SMS, "(312) 555-0111") is Move.ASKED
    (notice,) = any_desk.notices()
    assert (notice.channel, notice.kind, notice.address) == (SMS, "moved", NEW)
    code = code_sent(any_desk)
    assert finish(any_desk, token, f" {code[:3]} {code[3:]} ") is Move.DONE
    assert any_desk.suppressed() == {"sms": "moved"}
    assert any_desk.on() == {(maria, "email"), (maria, "sms")}
    with any_desk.house.db.reading() as session:
        person, new = session.get_one(Subscriber, maria), any_desk.house.keys.address_key(NEW)
        assert (person.phone, person.phone_key) == (NEW, new)
        assert person.quiet_zones
        assert session.scalars(select(Subscription.address_key).where(Subscription.channel == SMS)).all() == [
            new
        ]
        acts = session.execute(
            select(ConsentEvent.act, ConsentEvent.source, ConsentEvent.address_key == new)
            .where(ConsentEvent.channel == SMS)
            .order_by(ConsentEvent.id)
        ).all()
        assert acts == [("joined", "a test", False), ("joined", "moved", True), ("left", "moved", False)]
        assert session.scalars(select(LastHeard.address_key)).all() == [new]


def test_a_new_email_address_is_the_persons_once_the_code_has_come_back(desk: Desk, maria: int) -> None:
    token = desk.token(maria, SMS)
    begin(desk, token, EMAIL, "New@Example.net")
    assert finish(desk, token, code_sent(desk)) is Move.DONE
    with desk.house.db.reading() as session:
        person = session.get_one(Subscriber, maria)
        assert (person.email, person.email_domain) == ("New@example.net", "example.net")
    assert desk.suppressed() == {"email": "moved"}


def test_a_code_is_good_once(desk: Desk, maria: int) -> None:
    token = desk.token(maria)
    begin(desk, token, SMS, NEW)
    code = code_sent(desk)
    assert [finish(desk, token, code), finish(desk, token, code)] == [Move.DONE, Move.OVER]


def test_a_wrong_code_changes_nothing_and_after_five_the_right_one_is_no_good(desk: Desk, maria: int) -> None:
    token = desk.token(maria)
    begin(desk, token, SMS, NEW)
    code = code_sent(desk)
    assert [finish(desk, token, wrong(code)) for _ in range(TRIES)] == [Move.WRONG] * (TRIES - 1) + [
        Move.OVER
    ]
    assert finish(desk, token, code) is Move.OVER
    assert desk.suppressed() == {}


def test_tries_at_the_same_moment_get_no_more_than_five(any_desk: Desk) -> None:
    add_list(any_desk.house)
    token = any_desk.token(add_person(any_desk.house, email="maria@example.org", phone=OLD))
    begin(any_desk, token, SMS, NEW)
    bad = wrong(code_sent(any_desk))
    with ThreadPoolExecutor(8) as threads:
        moves = list(threads.map(lambda _: finish(any_desk, token, bad), range(16)))
    assert moves.count(Move.WRONG) == TRIES - 1
    with any_desk.house.db.reading() as session:
        assert session.scalars(select(AddressChange.tries)).all() == [TRIES]


def test_a_code_is_good_for_half_an_hour_and_the_newest_alone(desk: Desk, maria: int) -> None:
    token = desk.token(maria)
    begin(desk, token, SMS, NEW)
    first = code_sent(desk)
    begin(desk, token, EMAIL, "new@example.org")
    assert finish(desk, token, first) is Move.WRONG
    second = code_sent(desk)
    with desk.house.db.transaction() as session:
        session.execute(update(AddressChange).values(created_at=db_now(-31 * 60)))
    assert finish(desk, token, second) is Move.OVER


def test_a_person_gets_three_codes_a_day(desk: Desk, maria: int) -> None:
    token = desk.token(maria)
    asked = [begin(desk, token, SMS, f"+1312555012{nth}") for nth in range(CODES_A_DAY + 1)]
    assert asked == [Move.ASKED] * CODES_A_DAY + [Move.ENOUGH]


def test_a_stolen_database_shows_no_code(desk: Desk, maria: int) -> None:
    begin(desk, desk.token(maria), SMS, NEW)
    with desk.house.db.reading() as session:
        (change,) = session.scalars(select(AddressChange))
        assert change.code_mac is not None
        assert code_sent(desk).encode() not in change.code_mac


def test_an_address_that_must_not_be_written_to_gets_no_code_and_nobody_is_told(
    desk: Desk, maria: int
) -> None:
    other = add_person(desk.house, phone=NEW)
    suppress_person(desk.house, other, SMS)
    assert begin(desk, desk.token(maria), SMS, NEW) is Move.ASKED
    assert desk.notices() == []


def test_an_address_that_left_since_its_code_was_sent_is_not_taken(desk: Desk, maria: int) -> None:
    token = desk.token(maria)
    begin(desk, token, SMS, NEW)
    suppress_person(desk.house, add_person(desk.house, phone=NEW, lists=()), SMS)
    assert finish(desk, token, code_sent(desk)) is Move.OVER


def test_somebody_elses_email_address_is_not_taken_over(desk: Desk, maria: int) -> None:
    add_person(desk.house, email="jose@example.org")
    token = desk.token(maria)
    assert begin(desk, token, EMAIL, "jose@example.org") is Move.ASKED
    assert finish(desk, token, code_sent(desk)) is Move.TAKEN
    with desk.house.db.reading() as session:
        assert session.get_one(Subscriber, maria).email == "maria@example.org"


def test_moving_to_the_address_that_one_has_changes_nothing(desk: Desk, maria: int) -> None:
    token = desk.token(maria)
    begin(desk, token, SMS, OLD)
    assert finish(desk, token, code_sent(desk)) is Move.DONE
    assert desk.suppressed() == {}


def test_a_number_that_a_family_shares_goes_on_for_the_others(desk: Desk, maria: int) -> None:
    jose = add_person(desk.house, phone=OLD)
    token = desk.token(maria)
    begin(desk, token, SMS, NEW)
    assert finish(desk, token, code_sent(desk)) is Move.DONE
    assert desk.suppressed() == {}
    assert desk.on() == {(maria, "email"), (maria, "sms"), (jose, "sms")}


def test_what_was_left_or_stopped_at_the_old_address_does_not_begin_at_the_new_one(
    desk: Desk, maria: int
) -> None:
    leave(desk.house, maria, EMAIL)
    suppress_person(desk.house, maria, SMS)
    token = desk.token(maria)
    for channel, address in ((SMS, NEW), (EMAIL, "new@example.org")):
        begin(desk, token, channel, address)
        assert finish(desk, token, code_sent(desk)) is Move.DONE
    with desk.house.db.reading() as session:
        moved = session.scalars(select(ConsentEvent).where(ConsentEvent.source == "moved")).all()
    assert moved == []
    assert desk.suppressed() == {"sms": "stop", "email": "moved"}


def test_who_had_no_number_gets_one_without_texts(desk: Desk) -> None:
    add_list(desk.house)
    maria = add_person(desk.house, email="maria@example.org")
    token = desk.token(maria)
    begin(desk, token, SMS, NEW)
    assert finish(desk, token, code_sent(desk)) is Move.DONE
    assert desk.on() == {(maria, "email")}


def test_a_family_phones_link_changes_nobodys_address(desk: Desk, maria: int) -> None:
    add_person(desk.house, phone=OLD)
    token = desk.token(maria, SMS)
    with pytest.raises(BadToken):
        begin(desk, token, EMAIL, "thief@example.org")
    with pytest.raises(BadToken):
        finish(desk, token, "000000")


def test_what_is_no_address_is_refused(desk: Desk, maria: int) -> None:
    with pytest.raises(InvalidAddress):
        begin(desk, desk.token(maria), EMAIL, "nothing")


def test_an_old_file_does_not_give_the_old_number_back(desk: Desk, maria: int) -> None:
    token = desk.token(maria)
    begin(desk, token, SMS, NEW)
    finish(desk, token, code_sent(desk))
    cells = {"email": "maria@example.org", "phone": OLD, "first_name": "Maria"}
    with desk.house.db.transaction() as session:
        evidence = Evidence("last year's file", own_act=False)
        added = add_subscriber(session, desk.house.keys, cells, 1, frozenset(Channel), evidence)
        assert added.withheld == (SMS,)
        person = session.get_one(Subscriber, maria)
        assert (person.phone, person.first_name) == (NEW, "Maria")
    assert desk.on() == {(maria, "email"), (maria, "sms")}
