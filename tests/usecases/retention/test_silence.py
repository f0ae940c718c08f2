"""Numbers that nobody has heard of for a year: asked once; without an answer, off sensitive lists."""

from datetime import timedelta

import pytest
from conftest import OpenHouse
from people import add_list, add_people, add_person, suppress_person
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import ConsentEvent, LastHeard, Notice, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState
from dispatcher.usecases.retention.asking import MOST_A_DAY, SOURCE
from dispatcher.usecases.retention.run import overview, run
from dispatcher.usecases.retention.silence import heard_from

TWILIO = f"twilio://AC{'0' * 32}:token@?from=+13125550100"
ASKED = "numbers of sensitive lists, silent for a year: asked"
TAKEN_OFF = "numbers that didn't answer: taken off sensitive lists"
PHONE = "+13125550123"


@pytest.fixture
def wired(open_house_with: OpenHouse) -> House:
    """A house whose texts reach people, with a sensitive list, and healthcare, which isn't."""
    return with_lists(open_house_with(sms_url=TWILIO))


@pytest.fixture
def any_wired(open_house_with: OpenHouse, any_database_url: str) -> House:
    """The same on both databases."""
    return with_lists(open_house_with(sms_url=TWILIO, database_url=any_database_url))


def with_lists(house: House) -> House:
    add_list(house, sensitive=True)
    add_list(house, "healthcare")
    return house


def later(house: House, days: float) -> None:
    """Everything moves so many days into the past."""
    with house.db.transaction() as session:
        for column in (Subscription.joined_at, LastHeard.heard_at, LastHeard.asked_at, Notice.created_at):
            table = column.class_
            rows = session.execute(
                select(*table.__table__.primary_key, column).where(column.is_not(None))
            ).all()
            for *key, moment in rows:
                same = [own == value for own, value in zip(table.__table__.primary_key, key, strict=True)]
                moved = {column.key: moment - timedelta(days=days)}
                session.execute(update(table).where(*same).values(moved))


def questions(house: House, state: NoticeState | None = None) -> list[str]:
    """The languages of the questions; with `state`, what became of them."""
    with house.db.transaction() as session:
        if state is not None:
            session.execute(update(Notice).values(state=state))
        return list(
            session.scalars(select(Notice.language).where(Notice.kind == "still").order_by(Notice.id))
        )


def on_lists(house: House) -> set[int]:
    with house.db.reading() as session:
        here = (Subscription.channel == Channel.SMS, Subscription.left_at.is_(None))
        return set(session.scalars(select(Subscription.list_id).where(*here)))


def test_a_silent_number_is_asked_once_and_then_leaves_sensitive_lists_alone(
    any_wired: House,
) -> None:
    add_person(any_wired, phone=PHONE, language="es", lists=("daca", "healthcare"))
    later(any_wired, 366)
    assert run(any_wired).counts == {ASKED: 1}
    assert run(any_wired).counts == {}
    assert questions(any_wired, NoticeState.SENT) == ["es"]
    later(any_wired, 6)
    assert run(any_wired).counts == {"questions to silent numbers that have left": 1}
    later(any_wired, 25)
    assert run(any_wired).counts[TAKEN_OFF] == 1
    assert on_lists(any_wired) == {2}
    with any_wired.db.reading() as session:
        assert session.scalars(select(Suppression)).all() == []
        last = session.scalars(select(ConsentEvent).order_by(ConsentEvent.id.desc())).first()
        assert last is not None
        assert (last.act, last.source, last.list_id) == ("left", SOURCE, 1)
    assert run(any_wired).counts == {}


def test_any_sign_of_life_is_an_answer(wired: House) -> None:
    person = add_person(wired, phone=PHONE)
    later(wired, 366)
    run(wired)
    questions(wired, NoticeState.SENT)
    run(wired)
    with wired.db.transaction() as session:
        key = session.get_one(Subscriber, person).phone_key
        assert key
        heard_from(session, Channel.SMS, key)
    later(wired, 40)
    assert TAKEN_OFF not in run(wired).counts
    assert on_lists(wired) == {1}


def test_who_never_got_the_question_is_asked_again_and_stays(wired: House) -> None:
    add_person(wired, phone=PHONE)
    later(wired, 366)
    run(wired)
    questions(wired, NoticeState.FAILED)
    later(wired, 31)
    assert run(wired).counts[TAKEN_OFF] == 1
    assert on_lists(wired) == {1}
    assert run(wired).counts[ASKED] == 1


def test_who_joined_lately_is_kept_out_or_is_on_no_sensitive_list_is_not_asked(wired: House) -> None:
    add_person(wired, phone="312-555-0101", lists=("healthcare",))
    gone = add_person(wired, phone="312-555-0102")
    suppress_person(wired, gone, Channel.SMS)
    add_person(wired, email="maria@example.org")
    later(wired, 366)
    add_person(wired, phone="312-555-0103")
    assert run(wired).counts == {}


def test_some_are_asked_each_day_and_a_family_once(wired: House) -> None:
    add_people(wired, MOST_A_DAY + 5, channels=[Channel.SMS])
    add_person(wired, phone=PHONE)
    add_person(wired, phone=PHONE, email="jose@example.org")
    later(wired, 366)
    due = {kind.name: (kind.waiting, kind.next_at) for kind in overview(wired).kinds}
    assert due[ASKED] == (MOST_A_DAY, None)
    assert run(wired).counts == {ASKED: MOST_A_DAY}
    assert overview(wired).kinds[-2].next_at is not None
    with wired.db.transaction() as session:
        session.execute(update(LastHeard).values(asked_at=db_now(-2 * 86_400)))
    assert run(wired).counts[ASKED] == 6


def test_where_no_text_reaches_people_nobody_is_asked(house: House) -> None:
    add_list(house, sensitive=True)
    add_person(house, phone=PHONE)
    later(house, 400)
    assert run(house).counts == {}
    assert ASKED not in {kind.name for kind in overview(house).kinds}
