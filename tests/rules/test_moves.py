"""A message's moves, as the design lists them; everything else is refused."""

import itertools

import pytest

from dispatcher.rules.moves import MOVES, OPEN, Status, may_move, sources_of

ALLOWED = {
    "queued": "sending skipped cancelled",
    "sending": "sent delivered bounced complained queued failed uncertain",
    "sent": "delivered bounced complained failed",
    "delivered": "bounced complained",
    "uncertain": "sent delivered bounced complained failed",
}
PAIRS = list(itertools.product(Status, Status))
FINAL = {Status.BOUNCED, Status.COMPLAINED, Status.SKIPPED, Status.CANCELLED}


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_only_the_moves_of_the_design_are_allowed(old: Status, new: Status) -> None:
    assert may_move(old, new) is (new in ALLOWED.get(old, "").split())


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_person_may_only_add_trying_again(old: Status, new: Status) -> None:
    added = new is Status.QUEUED and old in {Status.UNCERTAIN, Status.FAILED}
    assert may_move(old, new, by_person=True) is (may_move(old, new) or added)


def test_every_status_has_its_row() -> None:
    assert set(MOVES) == set(Status)


def test_a_repeated_status_is_not_a_move() -> None:
    assert not any(may_move(status, status, by_person=True) for status in Status)


def test_what_has_left_the_house_never_goes_back_by_itself() -> None:
    for status in Status:
        if status not in OPEN:
            assert not any(may_move(status, open_one) for open_one in OPEN)


def test_final_states_stay() -> None:
    for status in FINAL:
        assert not any(may_move(status, new, by_person=True) for new in Status)


def test_sources_are_the_moves_read_backwards() -> None:
    assert sources_of(Status.SENDING) == {Status.QUEUED}
    assert sources_of(Status.DELIVERED) == {Status.SENDING, Status.SENT, Status.UNCERTAIN}
    assert sources_of(Status.QUEUED) == {Status.SENDING}
    assert sources_of(Status.QUEUED, by_person=True) == {Status.SENDING, Status.UNCERTAIN, Status.FAILED}
