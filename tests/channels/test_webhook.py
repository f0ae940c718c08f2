"""Posting to an address that is a secret."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests

from dispatcher.channels.webhook import Poster, post_json, shown_host
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
    assert post_json("http://127.0.0.1:1/a-secret", {}) == "127.0.0.1 can't be reached (no connection)"


@pytest.fixture(params=[b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"])
def drip(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of somebody who begins an answer, and goes on with it for ever."""
    listening, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def speak() -> None:
        with suppress(OSError), listening.accept()[0] as line:
            line.recv(65536)
            line.sendall(request.param)
            while not over.wait(0.02):
                line.sendall(b"0")

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    yield listening.getsockname()[1]
    over.set()
    listening.close()
    speaker.join(5)


def test_an_answer_that_never_ends_is_cut_off(drip: int) -> None:
    with Poster(0.2) as poster:
        posted = poster.post(f"http://127.0.0.1:{drip}/a-secret", b"{}")
    assert (posted.problem, posted.status) == ("127.0.0.1 took longer than 0.2 seconds", None)


def test_a_post_after_one_that_was_cut_off_has_its_own_time(chat: ChatServer, drip: int) -> None:
    with Poster(1.0) as poster:
        assert poster.post(f"http://127.0.0.1:{drip}/a-secret", b"{}").problem
        assert [poster.post(chat.url, b"{}").problem for _ in range(2)] == ["", ""]


def test_when_it_is_too_late_no_other_address_is_tried() -> None:
    from dispatcher.channels.deadline import Deadline

    deadline = Deadline(0.0)
    with deadline.running():
        while not deadline.passed:
            threading.Event().wait(0.001)
        with pytest.raises(TimeoutError):
            next(deadline.before_each_address())


def test_only_the_host_of_such_an_address_is_shown() -> None:
    assert shown_host("https://user:password@hooks.example.org/T000/a-secret?key=1") == "hooks.example.org"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            requests.exceptions.SSLError("https://crm.example.org/a-secret"),
            "its certificate can't be trusted",
        ),
        (requests.exceptions.ConnectTimeout(), "no answer in time"),
        (requests.exceptions.ReadTimeout(), "no answer in time"),
        (requests.exceptions.ConnectionError(), "no connection"),
        (requests.exceptions.ContentDecodingError(), "ContentDecodingError"),
    ],
)
def test_why_there_was_no_answer_is_said_without_the_address(
    monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(requests.Session, "post", refuse)
    told = post_json("https://crm.example.org/a-secret", {})
    assert told == f"crm.example.org can't be reached ({words})"
