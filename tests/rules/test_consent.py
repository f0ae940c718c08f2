import pytest

from dispatcher.rules.consent import ConsentAct, may_join


@pytest.mark.parametrize("last_act", [None, ConsentAct.JOINED, ConsentAct.TAKEN_BACK])
@pytest.mark.parametrize("own_act", [True, False])
def test_who_has_not_left_may_join_in_any_way(last_act: ConsentAct | None, own_act: bool) -> None:
    assert may_join(last_act, own_act=own_act)


def test_an_import_brings_nobody_back_who_has_left() -> None:
    assert not may_join(ConsentAct.LEFT, own_act=False)


def test_people_come_back_by_their_own_act() -> None:
    assert may_join(ConsentAct.LEFT, own_act=True)
