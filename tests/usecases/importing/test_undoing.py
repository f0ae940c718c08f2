"""Taking an import back."""

import pytest
from importing_desk import Desk
from people import add_list
from sqlalchemy import select

from dispatcher.errors import ImportAlreadyUndone, UnknownBatch
from dispatcher.models import ConsentEvent, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.usecases.consent import Evidence, join
from dispatcher.usecases.importing.undoing import undo, view_imports
from dispatcher.usecases.leave import leave

TWO = "email,phone\nmaria@example.org,312-555-0100\njose@example.org,312-555-0101\n"


def batch_of(desk: Desk, text: str, **asked: str) -> int:
    report = desk.bring_with_texts(text, **asked)
    assert report.batch_id
    return report.batch_id


def test_people_whom_the_import_alone_added_are_removed(desk: Desk) -> None:
    desk.bring("email\nana@example.org")
    undone = undo(desk.house, batch_of(desk, TWO))
    assert (undone.people, undone.staying, undone.consents) == (2, 0, 4)
    assert [person["email"] for person in desk.people()] == ["ana@example.org"]
    assert desk.on_the_list(Channel.EMAIL) == ["ana@example.org"]


def test_the_ledger_keeps_both_the_consent_and_its_taking_back(desk: Desk) -> None:
    batch = batch_of(desk, "email\nmaria@example.org")
    undo(desk.house, batch)
    with desk.house.db.reading() as session:
        events = session.scalars(select(ConsentEvent).order_by(ConsentEvent.id)).all()
    assert [event.act for event in events] == [ConsentAct.JOINED, ConsentAct.TAKEN_BACK]
    assert events[1].source == f"undo of import {batch}"
    assert events[1].address_key == events[0].address_key


def test_a_mended_file_can_be_imported_after_an_undo(sqlite_desk: Desk) -> None:
    undo(sqlite_desk.house, batch_of(sqlite_desk, TWO))
    assert sqlite_desk.bring_with_texts(TWO).tally.counts["added"] == 2
    assert len(sqlite_desk.on_the_list(Channel.SMS)) == 2


def test_a_second_import_can_be_taken_back_like_the_first(sqlite_desk: Desk) -> None:
    undo(sqlite_desk.house, batch_of(sqlite_desk, TWO))
    undone = undo(sqlite_desk.house, batch_of(sqlite_desk, TWO))
    assert (undone.people, undone.consents) == (2, 4)


def test_people_who_were_here_before_stay_with_what_was_changed_and_lose_the_new_consents(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.bring("email\nmaria@example.org")
    undone = undo(
        sqlite_desk.house,
        batch_of(sqlite_desk, "email,phone,first_name\nmaria@example.org,312-555-0100,María"),
    )
    assert (undone.people, undone.consents) == (0, 1)
    assert sqlite_desk.people()[0]["first_name"] == "María"
    assert sqlite_desk.on_the_list(Channel.EMAIL) == ["maria@example.org"]
    assert sqlite_desk.on_the_list(Channel.SMS) == []


def test_what_another_import_vouches_for_stays(desk: Desk) -> None:
    batch = batch_of(desk, TWO)
    desk.bring("email\nmaria@example.org", source="web form")
    undone = undo(desk.house, batch)
    assert (undone.people, undone.staying, undone.consents) == (1, 1, 3)
    assert desk.on_the_list(Channel.EMAIL) == ["maria@example.org"]
    assert desk.on_the_list(Channel.SMS) == []


def test_what_an_import_that_was_undone_vouched_for_does_not_stay(sqlite_desk: Desk) -> None:
    first, second = batch_of(sqlite_desk, TWO), batch_of(sqlite_desk, TWO, source="web form")
    assert undo(sqlite_desk.house, first).consents == 0
    assert undo(sqlite_desk.house, second).consents == 4
    assert sqlite_desk.on_the_list(Channel.EMAIL) == []


def test_somebody_who_joined_another_list_themselves_stays(sqlite_desk: Desk) -> None:
    batch = batch_of(sqlite_desk, TWO)
    healthcare = add_list(sqlite_desk.house, "healthcare")
    with sqlite_desk.house.db.transaction() as session:
        person = session.scalars(select(Subscriber).order_by(Subscriber.id)).first()
        assert person
        join(session, person, healthcare, Channel.EMAIL, Evidence("web form"))
    assert undo(sqlite_desk.house, batch).staying == 1
    assert [person["email"] for person in sqlite_desk.people()] == ["maria@example.org"]


def test_who_has_left_meanwhile_has_left_for_good(sqlite_desk: Desk) -> None:
    batch = batch_of(sqlite_desk, "email\nmaria@example.org")
    with sqlite_desk.house.db.transaction() as session:
        leave(session, Channel.EMAIL, sqlite_desk.house.keys.address_key("maria@example.org"), "one-click")
    assert undo(sqlite_desk.house, batch).consents == 0
    assert sqlite_desk.bring("email\nmaria@example.org").tally.counts["kept_out"] == 1


def test_who_left_before_another_list_s_word_came_is_not_vouched_for_by_an_older_one(
    sqlite_desk: Desk,
) -> None:
    key = sqlite_desk.house.keys.address_key("maria@example.org")
    sqlite_desk.bring("email\nmaria@example.org", source="last year")
    batch = batch_of(sqlite_desk, "email\nmaria@example.org\n")
    with sqlite_desk.house.db.transaction() as session:
        leave(session, Channel.EMAIL, key, "one-click")
        person = session.scalars(select(Subscriber)).one()
        list_id = session.scalars(select(ConsentEvent.list_id)).first()
        assert list_id
        join(session, person, list_id, Channel.EMAIL, Evidence("web form"))
    assert undo(sqlite_desk.house, batch).consents == 0
    assert sqlite_desk.on_the_list(Channel.EMAIL) == ["maria@example.org"]


def test_a_family_sharing_a_phone_is_taken_back_person_by_person(sqlite_desk: Desk) -> None:
    sqlite_desk.bring_with_texts("email,phone\nmaria@example.org,312-555-0100", source="web form")
    batch = batch_of(sqlite_desk, "email,phone\njose@example.org,312-555-0100")
    assert undo(sqlite_desk.house, batch).people == 1
    assert sqlite_desk.on_the_list(Channel.SMS) == ["+13125550100"]


def test_an_undo_that_was_stopped_goes_on_where_it_was(sqlite_desk: Desk) -> None:
    batch = batch_of(sqlite_desk, TWO)
    with sqlite_desk.house.db.transaction() as session:
        taken = session.scalars(select(ConsentEvent).order_by(ConsentEvent.id)).first()
        assert taken
        session.add(
            ConsentEvent(
                subscriber_id=taken.subscriber_id,
                list_id=taken.list_id,
                channel=taken.channel,
                address_key=taken.address_key,
                act=ConsentAct.TAKEN_BACK,
                source="undo",
                batch_id=batch,
            )
        )
    assert undo(sqlite_desk.house, batch).consents == 3


def test_a_big_import_is_taken_back_to_the_last_person(desk: Desk) -> None:
    people = "".join(f"person{n}@example.org\n" for n in range(2300))
    undone = undo(desk.house, batch_of(desk, f"email\n{people}"))
    assert (undone.people, undone.consents) == (2300, 2300)
    assert desk.people() == []


def test_it_cannot_be_taken_back_twice_and_an_unknown_one_not_at_all(sqlite_desk: Desk) -> None:
    batch = batch_of(sqlite_desk, TWO)
    undo(sqlite_desk.house, batch)
    with pytest.raises(
        ImportAlreadyUndone, match=rf"Import {batch} was taken back already, on \d+ \w+ \d{{4}}\."
    ):
        undo(sqlite_desk.house, batch)
    with pytest.raises(UnknownBatch, match=f"There is no import {batch + 1}"):
        undo(sqlite_desk.house, batch + 1)


def test_imports_are_shown_newest_first(desk: Desk) -> None:
    first, second = batch_of(desk, TWO), batch_of(desk, "email\nbad", source="web form")
    undo(desk.house, first)
    with desk.house.db.reading() as session:
        shown = view_imports(session)
    assert [(one.id, one.source, one.list_slug) for one in shown] == [
        (second, "web form", "daca"),
        (first, "rally 12 May", "daca"),
    ]
    assert shown[0].counts["rejected"] == 1
    assert shown[0].undone_at is None
    assert shown[1].undone_at
