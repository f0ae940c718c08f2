"""Limits of the site, on a real Redis."""

import asyncio
from collections.abc import Callable

import pytest
import redis
from conftest import OpenHouse
from people import add_list, add_person
from web_site import Site

from dispatcher.addresses import PhoneNumber
from dispatcher.errors import LimiterUnavailable
from dispatcher.rules.alert import Channel
from dispatcher.web.limits import Limits, number_parts

ROSA = {"network": "203.0.113.0/24", "address": "rosa@mail.example", "domain": "mail.example"}


def test_one_address_is_limited_and_others_are_not(open_house_with: OpenHouse, redis_url: str) -> None:
    limits = Limits(open_house_with(redis_url=redis_url))
    asked = [asyncio.run(limits.allow("join", ROSA)) for _ in range(4)]
    assert asked == [True, True, True, False]
    assert asyncio.run(limits.allow("join", ROSA | {"address": "ada@mail.example"}))
    assert asyncio.run(limits.allow("lost", ROSA))
    limits.close()


def test_nobody_reads_in_redis_who_has_asked(open_house_with: OpenHouse, redis_url: str) -> None:
    limits = Limits(open_house_with(redis_url=redis_url))
    asyncio.run(limits.allow("join", ROSA))
    limits.close()
    with redis.Redis.from_url(redis_url) as client:
        kept = b" ".join(client.keys()).decode()
        values = b" ".join(client.mget(client.keys())).decode()
    assert kept.count("dispatch:asked:join:") == 3
    assert not any(word in kept + values for word in ("203", "rosa", "mail.example"))


def test_without_redis_nothing_is_taken_from_strangers(open_house_with: OpenHouse) -> None:
    limits = Limits(open_house_with(redis_url="redis+socket:///tmp/nobody-listens-here.sock"))
    with pytest.raises(LimiterUnavailable):
        asyncio.run(limits.allow("join", ROSA))


def test_a_form_without_redis_gets_a_warm_page_and_leaving_works_on(
    site_with: Callable[..., Site],
) -> None:
    site = site_with(redis_url="redis+socket:///tmp/nobody-listens-here.sock")
    lost = site.post("/lost", b"address=rosa%40mail.us", accept_language="es")
    assert (lost.status, lost.headers["content-language"]) == (503, "es")
    assert lost.headers["retry-after"] == "60"
    add_list(site.house)
    person = add_person(site.house, email="rosa@mail.us")
    assert site.post(site.link(person, [1], Channel.EMAIL)).status == 200


def test_a_block_of_numbers_is_limited_although_each_is_new(
    open_house_with: OpenHouse, redis_url: str
) -> None:
    limits = Limits(open_house_with(redis_url=redis_url))

    def asked(number: str) -> bool:
        return asyncio.run(limits.allow("join", number_parts(PhoneNumber(number))))

    assert [asked(f"+1312555{last:04}") for last in range(31)] == [True] * 30 + [False]
    assert asked("+17735550142")
    limits.close()
