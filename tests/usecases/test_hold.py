"""A legal hold: one at a time, noted with who and why."""

import os

import pytest
from people import add_list, add_person

from dispatcher.errors import HoldInForce, NoHold
from dispatcher.house import House
from dispatcher.usecases.audit import read_acts, user_name
from dispatcher.usecases.forget import forget
from dispatcher.usecases.hold import begin_hold, end_hold, in_force, refuse_under_hold, view_hold


def test_a_hold_is_on_until_it_is_ended(any_house: House) -> None:
    with any_house.db.transaction() as session:
        assert (in_force(session), view_hold(session)) == (False, None)
        refuse_under_hold(session)
        begin_hold(session, "a subpoena")
    with any_house.db.transaction() as session:
        assert in_force(session)
        seen = view_hold(session)
        assert seen is not None
        assert (seen.reason, seen.waiting) == ("a subpoena", 0)
        end_hold(session, "the judge said so")
        assert not in_force(session)


def test_there_is_one_at_a_time(house: House) -> None:
    with house.db.transaction() as session:
        with pytest.raises(NoHold):
            end_hold(session)
        begin_hold(session, "a subpoena")
        with pytest.raises(HoldInForce, match="dispatch hold off"):
            begin_hold(session, "another")


def test_staffs_acts_are_noted_with_who_and_why_and_name_nobody(house: House) -> None:
    add_list(house)
    maria = add_person(house, email="maria@example.org")
    with house.db.transaction() as session:
        forget(session, house.keys, "maria@example.org", reason="she called")
        begin_hold(session, "a subpoena")
        end_hold(session, "it is over")
    with house.db.reading() as session:
        acts = list(read_acts(session))
        assert len(list(read_acts(session, limit=1))) == 1
    assert [(act.act, act.reason) for act in acts] == [
        ("hold off", "it is over"),
        ("hold on", "a subpoena"),
        ("forget", "she called"),
    ]
    assert acts[2].detail == f"subscriber {maria}"
    assert {act.who for act in acts} == {user_name(os.getuid())}


def test_a_user_without_a_name_is_known_by_number() -> None:
    assert user_name(4_000_000_000) == "user 4000000000"
