"""What a turn does about a day's limit and about a provider that wants less."""

from collections.abc import Callable
from pathlib import Path

import pytest
from campaigns import frozen_campaign, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from town import Town

from dispatcher.channels.base import Result
from dispatcher.channels.memory import Answer, MemorySender
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import parse_service_url
from dispatcher.usecases import deliver
from dispatcher.usecases.status import progress


@pytest.fixture
def town_of(
    open_house_with: OpenHouse, redis_url: str, any_database_url: str, tmp_path: Path
) -> Callable[..., Town]:
    """A town with so many people, an alert by email, and these settings."""

    def make(people: int, **given: object) -> Town:
        house = open_house_with(database_url=any_database_url, **given)
        add_list(house)
        write_campaign(tmp_path)
        add_people(house, people, channels=[Channel.EMAIL])
        send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
        return Town(house, Limiter(parse_service_url(redis_url)))

    return make


def test_no_more_leaves_than_the_day_allows_and_the_alert_holds_until_the_next(
    town_of: Callable[..., Town],
) -> None:
    town = town_of(40, daily_email=13)
    assert town.turn() is False
    assert town.statuses() == {"sent": 13, "queued": 27}
    assert town.turn() is False
    assert deliver.sweep(town.house) == set()
    with town.house.db.reading() as session:
        assert progress(session, 1).state == "holding"


@pytest.mark.parametrize("rate", ["40/s", "none"])
def test_a_relay_that_wants_it_slower_is_slowed(town_of: Callable[..., Town], rate: str) -> None:
    town = town_of(100, rate_email=rate)
    town.email = MemorySender(Channel.EMAIL)
    town.email.answer("person1@example.org", Answer(Result.SLOW_DOWN, "smtp 421", "too fast"))
    town.turn(seconds=2)
    assert town.limiter.lowered() == ["provider:email"]
