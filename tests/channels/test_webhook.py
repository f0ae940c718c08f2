"""Posting to an address that is a secret."""

from collections.abc import Iterator

import pytest

from dispatcher.channels.webhook import post_json, shown_host
from fakes.chat import ChatServer


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


def test_what_is_posted_arrives_in_any_script(chat: ChatServer) -> None:
    assert post_json(chat.url, {"words": "¿Qué pasó? 中", "alert": 3}) == ""
    assert chat.posted == [{"words": "¿Qué pasó? 中", "alert": 3}]


def test_a_redirect_is_not_followed(chat: ChatServer) -> None:
    chat.answer(307)
    assert post_json(chat.url, {}) == "127.0.0.1 answered 307"
    assert chat.posted == []


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
def test_a_refusal_is_told_with_the_host_alone(chat: ChatServer, status: int) -> None:
    chat.answer(status)
    assert post_json(chat.url, {}) == f"127.0.0.1 answered {status}"


def test_a_server_that_is_not_there_is_a_problem_and_no_error() -> None:
    assert post_json("http://127.0.0.1:1/a-secret", {}) == "127.0.0.1 can't be reached (ConnectionError)"


def test_only_the_host_of_such_an_address_is_shown() -> None:
    assert shown_host("https://user:password@hooks.example.org/T000/a-secret?key=1") == "hooks.example.org"
