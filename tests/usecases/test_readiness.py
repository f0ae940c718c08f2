"""A real message leaves only when its sender answers, and when people can leave by one click."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher.channels.base import Health
from dispatcher.channels.memory import MemorySender
from dispatcher.errors import SenderNotReady, UnsafeToSend
from dispatcher.rules.alert import Channel
from dispatcher.settings import load_settings
from dispatcher.usecases.readiness import public_pages_problem, refuse_not_ready
from fakes.health_page import WELL, HealthPage
from servers.certificates import write_certificate


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HealthPage]:
    """A public page whose certificate this test trusts."""
    pem = tmp_path / "page.pem"
    write_certificate(pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with HealthPage(pem) as server:
        yield server


def real(*, beyond_loopback: bool = True) -> dict[Channel, MemorySender]:
    return {Channel.EMAIL: MemorySender(Channel.EMAIL, beyond_loopback=beyond_loopback)}


def test_a_page_that_is_https_and_well_is_right(page: HealthPage) -> None:
    assert public_pages_problem(page.settings) == ""
    refuse_not_ready(page.settings, real())


def test_a_real_sender_without_https_pages_is_refused() -> None:
    with pytest.raises(UnsafeToSend) as refused:
        refuse_not_ready(load_settings(public_url="http://alerts.example.org"), real())
    words = str(refused.value)
    assert "DISPATCH_PUBLIC_URL is http://alerts.example.org, which isn't https." in words
    assert "run `dispatch web` behind https" in words


def test_a_sender_that_reaches_nobody_needs_no_public_pages() -> None:
    refuse_not_ready(load_settings(), real(beyond_loopback=False))


def test_a_sender_that_is_not_well_is_refused_with_what_to_do() -> None:
    senders = real(beyond_loopback=False)
    senders[Channel.EMAIL].health = Health(ok=False, words="login refused", mend="Check the password.")
    with pytest.raises(SenderNotReady, match=r"memory \(email\): login refused\. Check the password\."):
        refuse_not_ready(load_settings(), senders)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (WELL.replace(b"true", b"null"), "says that it isn't well"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "doesn't answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "doesn't answer"),
        (b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n", r"doesn't answer \(Down\)"),
        (b"", "doesn't answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "doesn't answer"),
    ],
)
def test_a_page_that_answers_anything_else_is_not_right(
    page: HealthPage, answer: bytes, problem: str
) -> None:
    page.answer = answer
    with pytest.raises(UnsafeToSend, match=problem):
        refuse_not_ready(page.settings, real())


def test_a_certificate_that_nobody_vouches_for_is_not_right(
    page: HealthPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate verify failed" in public_pages_problem(page.settings)


def test_a_page_that_is_not_there_is_not_right() -> None:
    settings = load_settings(public_url="https://127.0.0.1:1")
    assert "https://127.0.0.1:1/health doesn't answer" in public_pages_problem(settings)
