"""Who has left since the backup has left again, and who was forgotten is forgotten again."""

from pathlib import Path

import pytest
from earlier import kept
from importing_desk import Desk
from journals import outside
from people import add_list, add_person
from sqlalchemy import select

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.house import House
from dispatcher.models import HeldForgetting, ImportBatch, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.consent import Evidence, join
from dispatcher.usecases.forget import forget
from dispatcher.usecases.hold import begin_hold
from dispatcher.usecases.importing.undoing import undo
from dispatcher.usecases.leave import leave
from dispatcher.usecases.lists import add_list as make_list
from dispatcher.usecases.record_inbound import record_inbound
from dispatcher.usecases.restoring.by_hand import replay_journal
from dispatcher.usecases.restoring.replaying import Replayed
from dispatcher.usecases.suppress import suppress
from dispatcher.usecases.unsubscribe import unsubscribe

MARIA, JUAN, PHONE = "maria@example.org", "juan@example.org", "+13125550100"
EMAIL, SMS = Channel.EMAIL, Channel.SMS


@pytest.fixture
def lists(any_house: House) -> list[int]:
    """The lists `daca` and `healthcare`, with Maria (who texts, too) and Juan on both."""
    ids = [add_list(any_house), add_list(any_house, "healthcare")]
    for email, phone in ((MARIA, PHONE), (JUAN, None)):
        add_person(any_house, email=email, phone=phone, lists=("daca", "healthcare"))
    return ids


def replayed(house: House) -> Replayed:
    found = replay_journal(house)
    assert found is not None
    return found


def on_lists(house: House, channel: Channel = EMAIL) -> list[tuple[str, int]]:
    """Who is on which list."""
    address = Subscriber.email if channel is EMAIL else Subscriber.phone
    held = (
        select(address, Subscription.list_id)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(Subscription.channel == channel, Subscription.left_at.is_(None))
    )
    with house.db.reading() as session:
        return sorted((str(person), list_id) for person, list_id in session.execute(held))


def suppressed(house: House) -> dict[bytes, SuppressionReason]:
    with house.db.reading() as session:
        return dict(session.execute(select(Suppression.address_key, Suppression.reason)).all())


def key(house: House, address: str) -> bytes:
    return house.keys.address_key(address)


def text(house: House, words: str) -> None:
    with house.db.transaction() as session:
        record_inbound(session, house.keys, InboundText(PHONE, words))


def leave_by_link(house: House, list_ids: list[int], address: str = MARIA) -> None:
    with house.db.transaction() as session:
        leave(session, EMAIL, key(house, address), "one-click", list_ids=list_ids)


def test_who_left_a_list_has_left_it_and_no_other(any_house: House, lists: list[int]) -> None:
    daca, health = lists
    with kept(any_house) as put_back:
        leave_by_link(any_house, [daca])
        put_back()
        assert (MARIA, daca) in on_lists(any_house)
        assert replayed(any_house).opt_outs == 1
    assert on_lists(any_house) == [(JUAN, daca), (JUAN, health), (MARIA, health)]
    assert replay_journal(any_house) is None  # it knows everything now


def test_replaying_writes_nothing_that_is_in_the_journal_already(any_house: House, lists: list[int]) -> None:
    with kept(any_house) as put_back:
        leave_by_link(any_house, lists)
        put_back()
        before = len(outside(any_house))
        replayed(any_house)
    assert len(outside(any_house)) == before + 1  # that it was put back


def test_a_stop_is_a_stop_again_and_start_still_undoes_it(any_house: House, lists: list[int]) -> None:
    with kept(any_house) as put_back:
        text(any_house, "STOP")
        put_back()
        replayed(any_house)
    assert on_lists(any_house, SMS) == []
    assert suppressed(any_house) == {key(any_house, PHONE): SuppressionReason.STOP}
    text(any_house, "START")
    assert on_lists(any_house, SMS) == [(PHONE, list_id) for list_id in lists]


@pytest.mark.usefixtures("lists")
def test_who_came_back_before_the_database_was_put_back_is_not_put_out(any_house: House) -> None:
    with kept(any_house) as put_back:
        text(any_house, "STOP")
        text(any_house, "START")
        put_back()
        assert replayed(any_house).opt_outs == 0
    assert len(on_lists(any_house, SMS)) == 2
    assert suppressed(any_house) == {}


def test_who_came_back_after_the_database_was_put_back_is_not_put_out(
    any_house: House, lists: list[int]
) -> None:
    daca, _ = lists
    with kept(any_house) as put_back:
        leave_by_link(any_house, [daca])
        put_back()
        leave_by_link(any_house, [daca])
        with any_house.db.transaction() as session:
            maria = session.scalars(
                select(Subscriber).where(Subscriber.email_key == key(any_house, MARIA))
            ).one()
            join(session, maria, daca, EMAIL, Evidence("at the rally again"))
        assert replayed(any_house).opt_outs == 0
    assert (MARIA, daca) in on_lists(any_house)


@pytest.mark.usefixtures("lists")
def test_a_dead_address_and_one_that_staff_took_off_are_suppressed_again(any_house: House) -> None:
    with kept(any_house) as put_back:
        with any_house.db.transaction() as session:
            suppress(session, EMAIL, key(any_house, JUAN), SuppressionReason.BOUNCED, "refused while sending")
            unsubscribe(session, any_house.keys, MARIA, "a letter")
        put_back()
        assert replayed(any_house).opt_outs == 4  # Maria left two lists as well
    assert suppressed(any_house) == {
        key(any_house, JUAN): SuppressionReason.BOUNCED,
        key(any_house, MARIA): SuppressionReason.BY_STAFF,
    }
    assert {person for person, _ in on_lists(any_house)} == {JUAN}


@pytest.mark.parametrize(("address", "reason"), [(MARIA, "by_staff"), (PHONE, "stop")])
def test_who_left_a_list_that_is_gone_is_kept_out_of_everything(
    any_house: House, address: str, reason: str
) -> None:
    """The list may be made again and filled from the same file."""
    with kept(any_house) as put_back:
        with any_house.db.transaction() as session:
            tenants = make_list(session, "tenants", "Tenants United", sensitive=False)
            unsubscribe(session, any_house.keys, address, "a letter", list_id=tenants.id)
        put_back()
        replayed(any_house)
    assert suppressed(any_house) == {key(any_house, address): reason}


def test_a_list_is_known_by_its_name_whatever_number_it_has_now(any_house: House) -> None:
    with kept(any_house) as put_back:
        add_list(any_house, "tenants")
        daca = add_list(any_house, "daca")
        add_person(any_house, email=MARIA)
        leave_by_link(any_house, [daca])
        put_back()
        assert add_list(any_house, "daca") != daca
        add_list(any_house, "tenants")
        add_person(any_house, email=MARIA, lists=("daca", "tenants"))
        replayed(any_house)
        (held,) = on_lists(any_house)
    assert held == (MARIA, 2)
    assert suppressed(any_house) == {}


@pytest.mark.usefixtures("lists")
def test_a_forgotten_person_is_forgotten_again(any_house: House) -> None:
    with kept(any_house) as put_back:
        with any_house.db.transaction() as session:
            forget(session, any_house.keys, MARIA)
        put_back()
        replayed(any_house)
    with any_house.db.reading() as session:
        assert session.scalars(select(Subscriber.email)).all() == [JUAN]
    assert set(suppressed(any_house).values()) == {SuppressionReason.FORGOTTEN}


@pytest.mark.usefixtures("lists")
def test_under_a_hold_who_is_to_be_forgotten_stays_until_it_ends(any_house: House) -> None:
    with any_house.db.transaction() as session:
        begin_hold(session, "a subpoena")
    with kept(any_house) as put_back:
        with any_house.db.transaction() as session:
            forget(session, any_house.keys, MARIA)
        put_back()
        replayed(any_house)
    with any_house.db.reading() as session:
        assert set(session.scalars(select(Subscriber.email))) == {MARIA, JUAN}
        assert len(session.scalars(select(HeldForgetting)).all()) == 1
    assert set(suppressed(any_house).values()) == {SuppressionReason.FORGOTTEN}


def test_a_forgotten_person_whose_address_was_another_before_is_forgotten_again(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, email="old@example.org")
    with kept(any_house) as put_back:
        with any_house.db.transaction() as session:
            person = session.get_one(Subscriber, maria)
            person.email, person.email_key = MARIA, key(any_house, MARIA)
            session.flush()
            forget(session, any_house.keys, str(maria))
        put_back()
        replayed(any_house)
    with any_house.db.reading() as session:
        assert session.scalars(select(Subscriber.id)).all() == []


def test_who_got_the_number_of_a_forgotten_person_is_not_forgotten(any_house: House) -> None:
    add_list(any_house)
    with kept(any_house) as put_back:
        maria = add_person(any_house, email=MARIA)
        with any_house.db.transaction() as session:
            forget(session, any_house.keys, MARIA)
        put_back()
        assert add_person(any_house, email=JUAN) == maria
        replayed(any_house)
    with any_house.db.reading() as session:
        assert session.scalars(select(Subscriber.email)).all() == [JUAN]


def test_a_phone_that_a_family_shared_takes_nobody_with_it(any_house: House) -> None:
    add_list(any_house)
    add_person(any_house, email=JUAN, phone=PHONE)
    add_person(any_house, phone=PHONE)
    with kept(any_house) as put_back:
        with any_house.db.transaction() as session:
            suppress(session, SMS, key(any_house, PHONE), SuppressionReason.FORGOTTEN, "forgotten")
        put_back()
        replayed(any_house)
    with any_house.db.reading() as session:
        assert len(session.scalars(select(Subscriber.id)).all()) == 2
    assert suppressed(any_house) == {key(any_house, PHONE): SuppressionReason.FORGOTTEN}


def test_an_import_that_was_taken_back_is_taken_back_again(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    desk = Desk(any_house, tmp_path)
    desk.bring(f"email\n{MARIA}\n{JUAN}")
    with kept(any_house) as put_back:
        undo(any_house, 1)
        put_back()
        assert replayed(any_house).imports_to_undo == (1,)
    assert on_lists(any_house) == []
    with any_house.db.reading() as session:
        assert session.get_one(ImportBatch, 1).undone_at is not None


def test_another_import_that_got_its_number_is_not_taken_back(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    desk = Desk(any_house, tmp_path)
    with kept(any_house) as put_back:
        desk.bring(f"email\n{MARIA}")
        undo(any_house, 1)
        put_back()
        desk.bring(f"email\n{JUAN}")
        assert replayed(any_house).imports_to_undo == ()
    assert [person for person, _ in on_lists(any_house)] == [JUAN]
