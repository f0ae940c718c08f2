import pytest

from dispatcher.rules.consent import ConsentAct, SuppressionReason, may_join, own_act_lifts


@pytest.mark.parametrize("last_act", [None, ConsentAct.JOINED, ConsentAct.TAKEN_BACK])
@pytest.mark.parametrize("own_act", [True, False])
def test_who_has_not_left_may_join_in_any_way(last_act: ConsentAct | None, own_act: bool) -> None:
    assert may_join(last_act, own_act=own_act)


def test_an_import_brings_nobody_back_who_has_left() -> None:
    assert not may_join(ConsentAct.LEFT, own_act=False)


def test_people_come_back_by_their_own_act() -> None:
    assert may_join(ConsentAct.LEFT, own_act=True)


@pytest.mark.parametrize("reason", SuppressionReason)
def test_a_confirmed_sign_up_ends_every_suppression_but_a_stop_by_text(reason: SuppressionReason) -> None:
    assert own_act_lifts(reason, by_text=False)
    assert own_act_lifts(reason, by_text=True) is (reason is not SuppressionReason.STOP)
