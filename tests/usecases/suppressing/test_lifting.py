"""Staff lift what bounces brought, and nothing that people asked for."""

import pytest

from dispatcher.errors import NotOursToLift
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.audit import read_acts
from dispatcher.usecases.suppress import suppress, suppressed_for
from dispatcher.usecases.suppressing.lifting import lift_bounce

ANA = "ana@example.org"


def test_an_address_that_had_bounced_is_written_to_again_and_that_is_noted(house: House) -> None:
    key = house.keys.address_key(ANA)
    with house.db.transaction() as session:
        suppress(session, Channel.EMAIL, key, SuppressionReason.BOUNCED, "told by ses")
        assert lift_bounce(session, house.keys, "Ana@example.org", "she called")
        assert suppressed_for(session, Channel.EMAIL, key) is None
        assert not lift_bounce(session, house.keys, ANA, "she called")
        (act,) = read_acts(session)
    assert (act.act, act.reason) == ("suppressions lift", "she called")
    assert "ana" not in act.detail


@pytest.mark.parametrize("reason", [one for one in SuppressionReason if one is not SuppressionReason.BOUNCED])
def test_what_somebody_asked_for_is_theirs_to_take_back(house: House, reason: SuppressionReason) -> None:
    with house.db.transaction() as session:
        suppress(session, Channel.EMAIL, house.keys.address_key(ANA), reason, "a test")
        with pytest.raises(NotOursToLift, match=str(reason).replace("_", " ")):
            lift_bounce(session, house.keys, ANA, "she called")
