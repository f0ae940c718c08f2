"""Where Redis is, and how its address is told to each library."""

import os
from pathlib import Path

import pytest
from redis.connection import parse_url

from dispatcher.redis_client import broker_of, celery_address, client_address, redis_of, socket_path
from dispatcher.rules.urls import parse_service_url
from dispatcher.settings import load_settings


def test_without_a_setting_redis_is_the_embedded_server_in_var(tmp_path: Path) -> None:
    url = redis_of(load_settings())
    assert (url.scheme, url.path) == ("redis+socket", str(tmp_path / "var" / "redis" / "redis.sock"))


def test_a_folder_that_is_too_deep_for_a_socket_gets_a_short_one_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = []
    for name in ("first", "second"):
        deep = tmp_path / ("d" * 90) / name
        deep.mkdir(parents=True)
        monkeypatch.chdir(deep)
        paths.append(socket_path())
    assert all(len(os.fsencode(path)) <= 100 for path in paths)
    assert paths[0] != paths[1]
    assert paths[1] == socket_path()


def test_the_queue_is_in_redis_unless_it_has_an_address_of_its_own() -> None:
    settings = load_settings(redis_url="redis://cache.example:6379/1")
    assert broker_of(settings) == redis_of(settings)
    apart = load_settings(redis_url="redis://cache.example", broker_url="amqp://queue.example//")
    assert (broker_of(apart).host, redis_of(apart).host) == ("queue.example", "cache.example")


def test_a_password_as_it_was_pasted_reaches_the_client() -> None:
    address = client_address(parse_service_url("redis://user:p+w/@%x@cache.example:6380/2"))
    assert parse_url(address) == {  # type: ignore[no-untyped-call]
        "username": "user",
        "password": "p+w/@%x",
        "host": "cache.example",
        "port": 6380,
        "db": 2,
    }


@pytest.mark.parametrize("option", ["db", "virtual_host"])
def test_the_database_behind_a_socket_has_a_name_for_each_library(option: str) -> None:
    url = parse_service_url(f"redis+socket:///run/our redis.sock?{option}=3")
    assert client_address(url) == "unix:///run/our%20redis.sock?db=3"
    assert celery_address(url) == "redis+socket:///run/our%20redis.sock?virtual_host=3"


def test_celery_verifies_the_certificate_unless_told_otherwise() -> None:
    given = "rediss://cache.example:6379/0?ssl_cert_reqs=none"
    assert celery_address(parse_service_url(given)) == given
    assert "ssl_cert_reqs=required" in celery_address(parse_service_url("rediss://cache.example"))
