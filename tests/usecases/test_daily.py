"""Limits by the day: counted in the database, kept by all workers together, and seen by staff."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attempts import ACCEPTED, attempt
from campaigns import frozen_campaign, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import select, update
from town import Town

from dispatcher.channels.base import Result
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.models import DailyUse
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import parse_service_url
from dispatcher.usecases import deliver
from dispatcher.usecases.daily import left_today, spend_today, unspend_today, used_up
from dispatcher.usecases.status import Progress, progress

EMAIL, SMS = Channel.EMAIL, Channel.SMS
OpenLimited = Callable[..., House]


@pytest.fixture
def limited(open_house_with: OpenHouse, any_database_url: str) -> OpenLimited:
    """A house with limits by the day, on SQLite and on PostgreSQL."""
    return lambda **given: open_house_with(database_url=any_database_url, **given)


def spend(house: House, *units: int, channel: Channel = SMS) -> int:
    with house.db.transaction() as session:
        return spend_today(session, house.settings, channel, units)


def left(house: House, channel: Channel = SMS) -> int | None:
    with house.db.reading() as session:
        return left_today(session, house.settings, channel)


def test_without_a_limit_nothing_is_counted(any_house: House) -> None:
    assert spend(any_house, 1, 2, 3) == 3
    assert left(any_house) is None
    with any_house.db.reading() as session:
        assert session.scalars(select(DailyUse)).all() == []


def test_as_much_leaves_as_the_day_allows_and_each_channel_has_its_own(limited: OpenLimited) -> None:
    house = limited(daily_sms=10, daily_email=3)
    assert left(house) == 10
    assert spend(house, 2, 2, 2) == 3
    assert left(house) == 4
    assert spend(house, 3, 3) == 1
    assert left(house, EMAIL) == 3
    assert spend(house, 1, 1, 1, 1, channel=EMAIL) == 3
    assert spend(house) == 0
    assert (left(house), left(house, EMAIL)) == (1, 0)


def test_when_not_even_the_first_fits_the_day_is_over(limited: OpenLimited) -> None:
    house = limited(daily_sms=10)
    assert spend(house, 9) == 1
    assert spend(house, 2, 1) == 0
    assert left(house) == 0
    with house.db.reading() as session:
        assert used_up(session, SMS)
        assert used_up(session, EMAIL) is None


def test_the_next_day_begins_at_nothing_at_midnight_on_the_carriers_clock(limited: OpenLimited) -> None:
    house = limited(daily_sms=10)
    assert spend(house, 10) == 1
    with house.db.transaction() as session:
        day = session.scalars(select(DailyUse)).one()
        assert timedelta() < day.ends_at - house.db.now() <= timedelta(hours=25)
        assert day.ends_at.hour in {7, 8}  # midnight in Los Angeles
        day.ends_at = house.db.now()
    assert left(house) == 10
    assert spend(house, 4) == 1
    assert left(house) == 6
    with house.db.reading() as session:
        assert used_up(session, SMS) is None


def test_a_raised_limit_counts_at_once_and_a_lowered_one_too(limited: OpenLimited) -> None:
    house = limited(daily_sms=10)
    assert spend(house, 10) == 1
    assert left(limited(daily_sms=12)) == 2
    assert left(limited(daily_sms=5)) == 0


def test_what_certainly_wasnt_taken_is_counted_back(limited: OpenLimited) -> None:
    house = limited(daily_sms=10)
    spend(house, 6)
    with house.db.transaction() as session:
        unspend_today(session, SMS, 2)
        unspend_today(session, SMS, 0)
        unspend_today(session, SMS, 100)  # yesterday's: today keeps its own
    assert left(house) == 6


@pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)
def test_workers_that_ask_at_once_never_get_more_than_the_day_allows(limited: OpenLimited) -> None:
    house = limited(daily_sms=50)
    taken: list[int] = []

    def work() -> None:
        taken.extend(spend(house, 2, 2, 2) for _ in range(10))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sum(taken) * 2 == 50
    assert left(house) == 0


@pytest.fixture
def town(limited: OpenLimited, redis_url: str, tmp_path: Path) -> Town:
    """A town whose day allows five emails, with eight people and an alert."""
    house = limited(daily_email=5)
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 8)
    return Town(house, Limiter(parse_service_url(redis_url)))


def look(town: Town) -> Progress:
    with town.house.db.reading() as session:
        return progress(session, 1)


def test_an_alert_whose_day_is_over_holds_until_the_next_one_and_says_why(town: Town) -> None:
    send(town.house, real(frozen_campaign(), channels=[EMAIL]))
    assert look(town).state == "running"
    spend(town.house, *[1] * 5, channel=EMAIL)
    assert deliver.sweep(town.house) == set()
    found = look(town)
    assert (found.state, found.reason) == ("holding", "Today's 5 emails have left (DISPATCH_DAILY_EMAIL).")
    with town.house.db.transaction() as session:
        assert found.held_until == session.scalars(select(DailyUse.ends_at)).one()
        session.execute(update(DailyUse).values(ends_at=db_now(-1)))
    assert deliver.sweep(town.house) == {EMAIL}
    assert (look(town).state, look(town).reason) == ("running", "")


def test_one_channels_day_holds_up_no_other(town: Town) -> None:
    send(town.house, real(frozen_campaign()))
    spend(town.house, *[1] * 5, channel=EMAIL)
    assert deliver.sweep(town.house) == {SMS}
    assert look(town).state == "running"


def test_a_message_that_is_put_back_is_counted_when_it_leaves(town: Town) -> None:
    send(town.house, real(frozen_campaign(), channels=[EMAIL]))
    spend(town.house, *[1] * 5, channel=EMAIL)
    refused = (Result.RETRY, "smtp 451", "greylisted")
    attempt(town, lambda due: refused if due.message_id <= 3 else (ACCEPTED, "", ""))
    assert left(town.house, EMAIL) == 3
