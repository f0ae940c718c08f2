"""Suppressions: an address has one reason, the strongest that was ever given."""

from itertools import pairwise

import pytest
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.suppress import lift, suppress

KEY = b"k" * 16
STRONGER = ("bounced", "moved", "by_staff", "opted_out", "stop", "complained", "forgotten")


def reason(house: House) -> str | None:
    with house.db.reading() as session:
        found = session.scalars(select(Suppression.reason)).first()
    return str(found) if found else None


@pytest.mark.parametrize(("weak", "strong"), [*pairwise(STRONGER)])
def test_a_stronger_reason_replaces_a_weaker_and_never_the_other_way(
    any_house: House, weak: str, strong: str
) -> None:
    def given(why: str) -> bool:
        with any_house.db.transaction() as session:
            return suppress(session, Channel.SMS, KEY, SuppressionReason(why), "a test")

    assert given(weak)
    assert not given(weak)
    assert given(strong)
    assert not given(weak)
    assert reason(any_house) == strong


def test_every_reason_has_its_place() -> None:
    assert set(STRONGER) == set(SuppressionReason)


def test_only_the_reason_that_is_meant_is_lifted_and_only_on_its_channel(any_house: House) -> None:
    with any_house.db.transaction() as session:
        suppress(session, Channel.SMS, KEY, SuppressionReason.STOP, "a test")
        assert not lift(session, Channel.SMS, KEY, SuppressionReason.BY_STAFF)
        assert not lift(session, Channel.EMAIL, KEY, SuppressionReason.STOP)
        assert lift(session, Channel.SMS, KEY, SuppressionReason.STOP)
        assert not lift(session, Channel.SMS, KEY, SuppressionReason.STOP)
    assert reason(any_house) is None
