"""What every request passes, and what every answer carries."""

import asyncio
import http.client
import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from web_site import Site

from dispatcher.web.guards import LARGEST_BODY, BodyLimit


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body, and with the kind of what comes after it."""
    body, kind = b"", "http.request"
    while kind == "http.request":
        message = await receive()
        body, kind = body + message.get("body", b""), message["type"]
    await Response(body + kind.encode())(_scope, receive, send)


async def answered(app: ASGIApp, receive: Receive) -> list[Any]:
    """What an app sends."""
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send)
    return sent


@pytest.mark.parametrize("path", ["/health", "/l/broken", "/pages.css", "/nowhere"])
def test_every_answer_carries_the_headers_of_caution(site: Site, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert "strict-transport-security" not in headers
    assert "set-cookie" not in headers


def test_pages_are_never_stored_and_the_stylesheet_is(site: Site) -> None:
    assert site.get("/l/broken").headers["cache-control"] == "no-store"
    css = site.get("/pages.css")
    assert css.headers["cache-control"] == "max-age=3600"
    assert css.headers["content-type"] == "text/css; charset=utf-8"


def test_pages_need_nothing_that_the_policy_forbids(site: Site) -> None:
    page = site.get("/l/broken").text
    assert not any(word in page for word in ("<script", "style=", "onclick", "http://", "https://"))


def test_browsers_are_told_to_stay_on_https_where_the_site_is(site_with: Callable[..., Site]) -> None:
    secure = site_with(public_url="https://go.example.org")
    assert secure.get("/health").headers["strict-transport-security"] == "max-age=63072000"


def test_an_oversized_body_is_refused_however_it_comes(site: Site) -> None:
    assert site.post("/l/broken", b"x" * (LARGEST_BODY + 1)).status == 413
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("POST", "/l/broken", iter([b"x" * LARGEST_BODY, b"x"]), encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_of_the_largest_size_is_taken(site: Site) -> None:
    assert site.post("/l/broken", b"x" * LARGEST_BODY).status == 404


def test_a_body_that_takes_too_long_is_refused() -> None:
    async def dripping() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    sent = asyncio.run(answered(BodyLimit(echo, within=0.2), dripping))
    assert sent[0]["status"] == 408


def test_large_bodies_are_taken_where_they_are_allowed_and_only_some_at_once() -> None:
    most, large = 16, b"x" * (LARGEST_BODY + 1)

    async def scene() -> list[int]:
        done = asyncio.Event()

        async def working(scope: Scope, receive: Receive, send: Send) -> None:
            await done.wait()
            await Response("read")(scope, receive, send)

        guard = BodyLimit(working, larger={"/": len(large)})

        async def ask(body: bytes) -> int:
            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return int((await answered(guard, receive))[0]["status"])

        first = [asyncio.create_task(ask(large)) for _ in range(most)]
        await asyncio.sleep(0)
        one_more, too_long = await ask(large), await ask(large + b"x")
        small = asyncio.create_task(ask(b"x"))
        done.set()
        afterwards = await ask(large) if {await one for one in first} == {200} else 0
        return [one_more, too_long, await small, afterwards]

    assert asyncio.run(scene()) == [503, 413, 200, 200]


def test_what_comes_after_the_body_reaches_the_app() -> None:
    messages: Iterator[Message] = iter(
        [
            {"type": "http.request", "body": b"one ", "more_body": True},
            {"type": "http.request", "body": b"two", "more_body": False},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> Message:
        return next(messages)

    sent = asyncio.run(answered(BodyLimit(echo), receive))
    assert sent[1]["body"] == b"one twohttp.disconnect"


def test_a_client_that_goes_away_midway_hurts_nobody(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as client:
        client.sendall(b"POST /l/broken HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    assert site.get("/health").status == 200


def test_an_unknown_path_or_method_is_told_in_plain_words(site: Site) -> None:
    assert (site.get("/admin").status, site.get("/admin").text) == (404, "Not Found\n")
    refused = site.ask("DELETE", "/l/broken")
    assert refused.status == 405
    assert site.get("/twilio/inbound").status == 405


def test_no_log_line_holds_a_link(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        site.get("/l/a-secret-token")
        site.post("/l/a-secret-token")
    told = caplog.text + "".join(capfd.readouterr())
    assert "a-secret-token" not in told


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8000"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:8000.evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "none"}, 404),
        ({"Origin": "http://LOCALHOST:8000"}, 404),
        ({"Origin": "null"}, 404),  # our own pages, in older browsers
        ({}, 404),  # no browser at all
    ],
)
def test_a_form_of_another_site_is_refused(site: Site, headers: dict[str, str], status: int) -> None:
    assert site.ask("POST", "/nowhere", b"", headers).status == status


@pytest.mark.parametrize("path", ["/l/broken", "/twilio/inbound"])
def test_what_programs_post_to_is_open_to_all_of_them(site: Site, path: str) -> None:
    assert site.ask("POST", path, b"", {"Sec-Fetch-Site": "cross-site"}).status == 404


def test_the_default_port_of_the_public_address_does_not_matter(site_with: Callable[..., Site]) -> None:
    site = site_with(public_url="https://go.example.org:443")
    assert site.ask("POST", "/nowhere", b"", {"Origin": "https://go.example.org"}).status == 404
    assert site.ask("POST", "/nowhere", b"", {"Origin": "https://go.example.org:8443"}).status == 403
