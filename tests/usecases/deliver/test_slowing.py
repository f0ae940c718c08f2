"""A provider that says slow down: whose lane is lowered, and where its messages go on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from attempts import ACCEPTED, attempt
from campaigns import frozen_campaign, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import insert, select, update
from town import Town

from dispatcher.channels.base import Result
from dispatcher.db import db_now
from dispatcher.limiter import Lane, Limiter
from dispatcher.models import Chunk, DeliveryLogEntry, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import parse_service_url
from dispatcher.usecases import deliver
from dispatcher.usecases.deliver.pages import Due
from dispatcher.usecases.deliver.slowing import Complaint, Slowing

TOO_FAST = (Result.SLOW_DOWN, "smtp 421 4.7.0", "slow down, too many messages")
GMAIL = (Result.SLOW_DOWN, "smtp 421 4.7.28", "unusual rate of mail - gsmtp")
RATES = {"rate_email": "40/s", "rate_sms": "10/s", "email_url": "smtp://127.0.0.1:1"}


@pytest.fixture
def server(redis_url: str) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def town_with(
    open_house_with: OpenHouse, redis_url: str, any_database_url: str, tmp_path: Path
) -> Callable[..., Town]:
    """A town with these settings."""

    def make(**given: str) -> Town:
        house = open_house_with(database_url=any_database_url, **RATES | given)
        add_list(house)
        write_campaign(tmp_path)
        return Town(house, Limiter(parse_service_url(redis_url)))

    return make


def open_for(town: Town, people: int, domain: str, channel: Channel = Channel.EMAIL) -> None:
    add_people(town.house, people, channels=[channel], domain=domain)
    send(town.house, real(frozen_campaign(), channels=[channel]))


def note(server: "redis.Redis", lane: str) -> tuple[float, int]:
    """A lowered lane's share of its rate, and the interval in microseconds of one without a rate."""
    words = server.get(f"dispatch:lane:{lane}:slow")
    assert isinstance(words, bytes)
    share, _since, _over, interval = words.decode().split()
    return float(share), int(interval)


def test_a_relay_that_wants_it_slower_gets_half_once_and_the_messages_wait(
    town_with: Callable[..., Town], server: "redis.Redis"
) -> None:
    town = town_with()
    open_for(town, 3, "example.org")
    attempt(town, lambda _: TOO_FAST)
    assert town.limiter.lowered() == ["provider:email"]
    assert note(server, "provider:email") == (0.5, 0)  # once, though three messages were refused
    assert town.statuses() == {"queued": 3}
    assert {message.lane for message in town.messages()} == {""}


def test_a_provider_of_texts_is_slowed_as_a_whole(town_with: Callable[..., Town]) -> None:
    town = town_with()
    open_for(town, 2, "example.org", Channel.SMS)
    attempt(town, lambda _: (Result.SLOW_DOWN, "twilio 30022", "rate limits exceeded - gsmtp"), Channel.SMS)
    assert town.limiter.lowered() == ["provider:sms"]


def test_a_provider_that_says_how_long_gets_its_rest(town_with: Callable[..., Town]) -> None:
    town = town_with()
    open_for(town, 2, "example.org", Channel.SMS)
    attempt(town, lambda _: (Result.SLOW_DOWN, "twilio 20429", ""), Channel.SMS, retry_after=30)
    wait = town.limiter.reserve([Lane("provider:sms", Rate(10, 1))], [1]).wait
    assert 25 < wait <= 30


def test_a_message_that_is_given_up_slows_its_lane_all_the_same(town_with: Callable[..., Town]) -> None:
    town = town_with()
    open_for(town, 2, "example.org", Channel.SMS)
    attempt(town, lambda _: (Result.SLOW_DOWN, "twilio 20429", ""), Channel.SMS, retry_after=49 * 3600)
    assert town.statuses() == {"failed": 2}
    assert town.limiter.lowered() == ["provider:sms"]


def test_a_domain_that_wants_it_slower_slows_nobody_else(
    town_with: Callable[..., Town], server: "redis.Redis"
) -> None:
    town = town_with(rate_domains="gmail.com=20/s")
    open_for(town, 2, "gmail.com")
    attempt(town, lambda _: GMAIL)
    assert town.limiter.lowered() == ["domain:gmail.com"]
    assert note(server, "domain:gmail.com") == (0.5, 0)


def test_a_domain_without_a_lane_gets_one_for_what_it_refused(
    town_with: Callable[..., Town], server: "redis.Redis"
) -> None:
    town = town_with()
    add_people(town.house, 2, channels=[Channel.EMAIL], domain="school.example")
    open_for(town, 2, "example.org")

    def school_complains(due: Due) -> tuple[Result, str, str]:
        return GMAIL if str(due.address).endswith("school.example") else (ACCEPTED, "", "")

    attempt(town, school_complains)
    assert town.limiter.lowered() == ["domain:school.example"]
    assert note(server, "domain:school.example") == (0.5, 25_000)  # from the channel's own 40 a second
    refused = [message for message in town.messages() if message.lane]
    assert [(message.lane, message.status) for message in refused] == [("school.example", "queued")] * 2
    with town.house.db.transaction() as session:
        session.execute(update(Message).where(Message.due_at.is_not(None)).values(due_at=db_now(-1)))
    deliver.sweep(town.house)
    with town.house.db.reading() as session:
        lanes = session.scalars(select(Chunk.lane).where(Chunk.open)).all()
    assert lanes == ["school.example"]


def test_a_relay_without_a_limit_is_slowed_from_the_speed_that_it_had(
    town_with: Callable[..., Town], server: "redis.Redis"
) -> None:
    town = town_with(rate_email="none")
    open_for(town, 200, "example.org")
    with town.house.db.transaction() as session:
        for nth, message_id in enumerate(session.scalars(select(Message.id).limit(99)).all()):
            sent = {"message_id": message_id, "status": Status.SENT, "alert_id": 1, "channel": Channel.EMAIL}
            session.execute(insert(DeliveryLogEntry).values(at=db_now(-nth / 25 - 0.1), **sent))
    attempt(town, lambda due: TOO_FAST if due.message_id == 200 else (ACCEPTED, "", ""))
    _, interval = note(server, "provider:email")
    assert interval == pytest.approx(4_000_000 / 299, rel=0.2)  # 299 results within the last four seconds


def test_a_relay_without_a_limit_that_never_sent_anything_has_a_modest_one(
    town_with: Callable[..., Town], server: "redis.Redis"
) -> None:
    town = town_with(rate_email="none")
    Slowing(town.house, town.limiter).tell([Complaint(Channel.EMAIL, "")])
    assert note(server, "provider:email") == (0.5, 1_000_000)


def test_results_are_kept_when_the_limiter_is_away(town_with: Callable[..., Town]) -> None:
    town = town_with()
    open_for(town, 2, "example.org")
    town.limiter = Limiter(parse_service_url("redis://127.0.0.1:1"))
    attempt(town, lambda _: TOO_FAST)
    assert town.errors() == {"smtp 421 4.7.0"}


def test_nobody_is_slowed_for_what_was_only_put_off(town_with: Callable[..., Town]) -> None:
    town = town_with()
    open_for(town, 2, "example.org")
    attempt(town, lambda _: (Result.RETRY, "smtp 451 4.7.1", "greylisted"))
    assert town.limiter.lowered() == []
