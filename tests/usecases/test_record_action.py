"""Acts that staff write down."""

from datetime import UTC, datetime

import pytest
from people import add_list, add_person

from dispatcher.errors import UnknownCampaign, UnknownSubscriber
from dispatcher.house import House
from dispatcher.rules.actions import ActionHow
from dispatcher.usecases.record_action import Recorded, campaign_to_act_on, record_action

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def test_of_a_phone_that_a_family_shares_all_have_acted_once(any_house: House) -> None:
    add_list(any_house)
    add_person(any_house, email="a@example.org", phone="312-555-0101")
    add_person(any_house, email="b@example.org", phone="312-555-0101")
    with any_house.db.transaction() as session:
        daca = campaign_to_act_on(session, "daca")  # shipped, and never sent
        for new in (2, 0):
            found = record_action(
                session, any_house.keys, daca, "+1 312 555 0101", at=DAY, how=ActionHow.TOLD
            )
            assert found == Recorded(2, new)


def test_nobody_acts_on_a_campaign_that_is_not_there_and_strangers_are_said(house: House) -> None:
    with house.db.transaction() as session:
        with pytest.raises(UnknownCampaign):
            campaign_to_act_on(session, "dacca")
        daca = campaign_to_act_on(session, "daca")
        with pytest.raises(UnknownSubscriber):
            record_action(session, house.keys, daca, "x@example.org", at=DAY, how=ActionHow.TOLD)
