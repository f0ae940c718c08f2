"""Looking into a folder on a mail server, which may be slow, wrong or hostile."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from dispatcher.bounces.imap import LONGEST, ImapFolder
from dispatcher.errors import MailboxUnreachable
from dispatcher.rules.urls import parse_service_url
from fakes.imap import PASSWORD, USER, ImapServer
from servers.certificates import write_certificate

LONG_AGO = date(2020, 2, 1)


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    write_certificate(tmp_path / "server.pem")
    return tmp_path / "server.pem"


def folder(server: ImapServer, password: str = PASSWORD, name: str = "INBOX") -> ImapFolder:
    return ImapFolder(parse_service_url(server.url(password, name)), 5)


def reason(opened: ImapFolder) -> str:
    with pytest.raises(MailboxUnreachable) as met, opened as entered:
        entered.mail(1)
    assert USER not in str(met.value)
    assert PASSWORD not in str(met.value)
    return str(met.value)


def test_mails_are_found_by_number_and_day_and_read_without_a_mark(server: ImapServer) -> None:
    server.put(b"one", b"two", b"three")
    server.days[2] = "2020-01-31"
    with folder(server) as opened:
        assert (opened.validity, opened.next_uid) == (7, 4)
        assert opened.uids(1, 3, LONG_AGO) == [1, 3]
        assert opened.uids(2, 2, LONG_AGO) == []
        assert [opened.mail(1), opened.mail(3)] == [b"one", b"three"]
    changing = ("SELECT", "STORE", "EXPUNGE", "COPY", "MOVE", "CLOSE", "BODY[]")
    assert not [command for command in server.commands if any(word in command for word in changing)]


def test_of_a_giant_mail_the_beginning_is_read_and_of_one_that_is_gone_nothing(server: ImapServer) -> None:
    server.put(b"x" * (LONGEST + 5_000))
    with folder(server) as opened:
        assert len(opened.mail(1)) == LONGEST
        assert opened.mail(9) == b""


def test_a_mail_that_is_announced_as_gigabytes_is_not_believed(server: ImapServer) -> None:
    server.put(b"x")
    server.lie_at = 1
    assert "what isn't IMAP" in reason(folder(server))


def test_a_wrong_password_is_said_without_what_the_server_says(server: ImapServer) -> None:
    assert "DISPATCH_MAILBOX_URL" in reason(folder(server, password="guess"))


def test_a_folder_that_is_not_there_is_named(server: ImapServer) -> None:
    assert "no folder Archive" in reason(folder(server, name="Archive"))


def test_a_server_that_hangs_up_in_a_mail_is_no_end_of_the_mail(server: ImapServer) -> None:
    server.put(b"one mail")
    server.hang_up_at = 1
    assert "hung up" in reason(folder(server))


def test_a_server_that_is_silent_has_its_time_and_no_more(server: ImapServer) -> None:
    url = parse_service_url(server.url())
    assert "doesn't answer in time" in reason(ImapFolder(url, -1))
    server.silent = True
    assert "doesn't answer in time" in reason(ImapFolder(url, 5, patience=0.05))


def test_nobody_there_is_said_in_words() -> None:
    with ImapServer() as gone:
        url = gone.url()
    assert "can't be reached" in reason(ImapFolder(parse_service_url(url), 5))


@pytest.mark.parametrize("starttls", [False, True])
def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password(
    pem: Path, starttls: bool
) -> None:
    with ImapServer(pem=pem, starttls=starttls) as server:
        assert "certificate isn't valid" in reason(folder(server))
        assert "LOGIN" not in server.commands


@pytest.mark.parametrize("starttls", [False, True])
def test_tls_is_spoken_from_the_first_byte_or_on_request(
    pem: Path, starttls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with ImapServer(pem=pem, starttls=starttls) as server:
        server.put(b"one")
        with folder(server) as opened:
            assert opened.mail(1) == b"one"


def test_a_server_that_takes_no_password_in_the_clear_gets_none(pem: Path) -> None:
    with ImapServer(pem=pem, starttls=True) as server:
        plain = parse_service_url(server.url().removesuffix("?starttls=1"))
        assert "write imaps://" in reason(ImapFolder(plain, 5))
        assert "LOGIN" not in server.commands


def test_a_server_that_sends_a_letter_now_and_then_has_its_time_and_no_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripping = threading.Thread(target=drip, args=(listening,))
        dripping.start()
        url = parse_service_url(f"imap://{USER}:{PASSWORD}@127.0.0.1:{listening.getsockname()[1]}/INBOX")
        assert "doesn't answer in time" in reason(ImapFolder(url, 0.2))
        dripping.join()


def drip(listening: socket.socket) -> None:
    """A greeting that has no end within ten seconds."""
    talk, _ = listening.accept()
    with talk, suppress(OSError):
        for _ in range(500):
            talk.sendall(b"a")
            time.sleep(0.02)
