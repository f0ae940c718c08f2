"""Emails over real SMTP on loopback, to a server that behaves."""

import ssl
import time
from collections.abc import Callable, Iterator

import pytest

from dispatcher.channels.base import Result
from dispatcher.channels.smtp import SmtpSender
from fakes.messages import email, send_all, send_one
from fakes.smtp import SmtpServer

SmtpTo = Callable[..., SmtpSender]


@pytest.fixture(params=[False, True], ids=["one command at a time", "pipelining"])
def server(request: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    with SmtpServer(pipelining=request.param) as server:
        yield server


def test_many_messages_share_the_connections(server: SmtpServer, smtp_to: SmtpTo) -> None:
    sender = smtp_to(f"{server.url}?connections=3")
    send_all(sender, *map(email, range(1, 31)))
    send_all(sender, *map(email, range(31, 61)))
    assert sorted(server.recipients) == sorted(f"reader{number}@example.org" for number in range(1, 61))
    assert server.connections <= 3


def test_the_message_arrives_as_it_is(server: SmtpServer, smtp_to: SmtpTo) -> None:
    mime = b"Subject: dots\r\n\r\n.\r\n..two\r\nlast\r\n"
    send_one(smtp_to(server.url), email(mime=mime))
    assert [(m.sender, m.mime) for m in server.received] == [("bounces@ours.example", mime)]


def test_a_lone_line_feed_can_not_smuggle_a_second_message(server: SmtpServer, smtp_to: SmtpTo) -> None:
    mime = b"Subject: x\r\n\r\na\n.\nMAIL FROM:<evil@example.org>\r.\r\nb"
    send_one(smtp_to(server.url), email(mime=mime))
    assert [m.mime for m in server.received] == [
        b"Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<evil@example.org>\r\n.\r\nb\r\n"
    ]


def test_after_a_refused_recipient_the_connection_carries_the_next_message(
    server: SmtpServer, smtp_to: SmtpTo
) -> None:
    server.answer("reader2@example.org", "550 5.1.1 <reader2@example.org>: User unknown")
    outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1), email(2), email(3))
    assert [outcomes[n].result for n in (1, 2, 3)] == [Result.ACCEPTED, Result.REFUSED, Result.ACCEPTED]
    assert (outcomes[2].code, outcomes[2].detail) == ("smtp 550 5.1.1", "<address>: User unknown")
    assert server.recipients == ["reader1@example.org", "reader3@example.org"]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ("451 4.7.1 Greylisted, come back later", Result.RETRY),
        ("421 4.7.28 unusual rate of mail from you", Result.SLOW_DOWN),
        ("554 5.6.0 that can't be read", Result.DROPPED),
        ("550 5.7.26 DMARC says no", Result.BROKEN),
        ("550 5.1.1 User unknown", Result.REFUSED),
    ],
)
def test_the_answer_to_the_message_is_read_like_any_other(
    server: SmtpServer, smtp_to: SmtpTo, reply: str, result: Result
) -> None:
    server.answer("reader1@example.org", reply, to="message")
    outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1), email(2))
    assert (outcomes[1].result, outcomes[1].code) == (result, "smtp " + " ".join(reply.split()[:2]))
    assert outcomes[2].result is Result.ACCEPTED
    assert server.recipients == ["reader2@example.org"]


def test_a_refused_sender_is_about_us_whatever_the_words(server: SmtpServer, smtp_to: SmtpTo) -> None:
    server.answer_senders("550 5.1.1 User unknown")
    outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1), email(2))
    assert (outcomes[1].result, outcomes[1].code) == (Result.BROKEN, "smtp 550 5.1.1")
    assert outcomes[2].result is Result.ACCEPTED


def test_connections_that_the_server_closed_while_idle_are_opened_again(
    server: SmtpServer, smtp_to: SmtpTo
) -> None:
    sender = smtp_to(server.url)
    send_all(sender, *map(email, range(1, 9)))
    before = server.connections
    server.hang_up()
    outcomes = send_all(sender, *map(email, range(9, 17)))
    assert {outcome.result for outcome in outcomes.values()} == {Result.ACCEPTED}
    assert len(server.recipients) == len(set(server.recipients)) == 16
    assert before < server.connections <= before + 8


def test_a_server_that_wants_few_messages_a_connection_gets_more_connections(smtp_to: SmtpTo) -> None:
    with SmtpServer(messages_a_connection=3) as server:
        outcomes = send_all(smtp_to(f"{server.url}?connections=1"), *map(email, range(1, 11)))
        assert {outcome.result for outcome in outcomes.values()} == {Result.ACCEPTED}
        assert len(server.recipients) == len(set(server.recipients)) == 10
        assert server.connections == 4


def test_starttls_is_used_where_it_is_offered(smtp_to: SmtpTo, server_tls: ssl.SSLContext) -> None:
    with SmtpServer(tls=server_tls, login=("alerts", "right")) as server:
        sender = smtp_to(server.url)
        assert sender.check().words == "answers, TLSv1.3, login accepted"
        assert send_one(sender, email()).result is Result.ACCEPTED


def test_nothing_is_sent_where_starttls_is_required_and_not_offered(smtp_to: SmtpTo) -> None:
    with SmtpServer() as server:
        sender = smtp_to(f"{server.url}?starttls=required")
        outcome = send_one(sender, email())
        assert (outcome.result, outcome.code) == (Result.BROKEN, "smtp not offered")
        assert server.received == []
        assert not sender.check().ok


def test_a_certificate_that_nobody_vouches_for_is_refused_beyond_this_machine(
    smtp_to: SmtpTo, server_tls: ssl.SSLContext
) -> None:
    with SmtpServer(tls=server_tls) as server:
        sender = smtp_to(f"smtp://127.1:{server.port}")  # reaches us, but isn't known to
        assert sender.beyond_loopback
        outcome = send_one(sender, email())
        assert (outcome.result, outcome.code) == (Result.BROKEN, "tls certificate")
        assert server.received == []


def test_a_password_never_crosses_a_network_in_the_clear(smtp_to: SmtpTo) -> None:
    with SmtpServer(login=("alerts", "right")) as server:
        outcome = send_one(smtp_to(f"smtp://alerts:right@127.1:{server.port}?starttls=no"), email())
        assert (outcome.result, outcome.code) == (Result.BROKEN, "smtp not offered")


def test_a_wrong_password_is_about_us_and_is_not_shown(smtp_to: SmtpTo) -> None:
    with SmtpServer(login=("alerts", "right")) as server:
        sender = smtp_to(f"smtp://alerts:wrong-one@127.0.0.1:{server.port}")
        outcome = send_one(sender, email())
        assert (outcome.result, outcome.code) == (Result.BROKEN, "smtp 535 5.7.8")
        health = sender.check()
        assert not health.ok
        assert "user and password" in health.mend
        assert "wrong-one" not in f"{outcome} {health}"


def test_a_password_beyond_ascii_is_about_us(smtp_to: SmtpTo) -> None:
    with SmtpServer(login=("alerts", "right")) as server:
        outcome = send_one(smtp_to(f"smtp://alerts:contraseña@127.0.0.1:{server.port}"), email())
        assert (outcome.result, outcome.code) == (Result.BROKEN, "smtp login")


def test_a_message_larger_than_the_relay_takes_is_dropped_unsent(smtp_to: SmtpTo) -> None:
    with SmtpServer(largest=2000) as server:
        large = email(1, mime=b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" * 1000)
        outcomes = send_all(smtp_to(f"{server.url}?connections=1"), large, email(2))
        assert (outcomes[1].result, outcomes[1].code) == (Result.DROPPED, "smtp 552 5.3.4")
        assert server.recipients == ["reader2@example.org"]


@pytest.mark.parametrize(
    "to", ["a@example.org>\r\nRCPT TO:<b@example.org", "a b@example.org", "a\x00@example.org"]
)
def test_an_address_can_not_add_a_command(server: SmtpServer, smtp_to: SmtpTo, to: str) -> None:
    outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1, to=to), email(2))
    assert (outcomes[1].result, outcomes[1].code) == (Result.DROPPED, "unusable address")
    assert server.recipients == ["reader2@example.org"]


def test_addresses_and_messages_beyond_ascii_go_where_the_relay_takes_them(
    server: SmtpServer, smtp_to: SmtpTo
) -> None:
    mime = "Subject: x\r\n\r\nMañana\r\n".encode()
    assert send_one(smtp_to(server.url), email(to="josé@españa.example", mime=mime)).result is Result.ACCEPTED
    assert server.recipients == ["josé@españa.example"]
    assert server.received[0].mime == mime


def test_nothing_is_handed_over_once_the_lease_is_about_to_end(smtp_to: SmtpTo) -> None:
    with SmtpServer() as server:
        sender = smtp_to(server.url)
        assert send_one(sender, email(1), stop_at=time.monotonic() + 30).result is Result.ACCEPTED
        outcome = send_one(sender, email(2), stop_at=time.monotonic())
        assert (outcome.result, outcome.code) == (Result.RETRY, "out of time")
        assert server.recipients == ["reader1@example.org"]
