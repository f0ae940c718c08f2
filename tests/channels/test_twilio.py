"""Texts to an HTTP server that answers as Twilio does."""

import time
from collections.abc import Callable, Iterator

import pytest

from dispatcher.channels.base import Result
from dispatcher.channels.twilio import TwilioSender, account_of
from dispatcher.channels.twilio_codes import CODES, meaning
from dispatcher.rules.rendered import RenderedSms
from dispatcher.rules.urls import parse_service_url
from fakes import twilio
from fakes.messages import send_all, send_one, text

SenderTo = Callable[..., TwilioSender]


@pytest.fixture
def server() -> Iterator[twilio.TwilioServer]:
    with twilio.TwilioServer() as server:
        yield server


@pytest.fixture
def sender_to() -> Iterator[SenderTo]:
    """Make senders to a URL; they are closed at the end."""
    made: list[TwilioSender] = []

    def make(url: str, *, timeout: float = 5.0) -> TwilioSender:
        made.append(TwilioSender(account_of(parse_service_url(url), timeout)))
        return made[-1]

    yield make
    for sender in made:
        sender.close()


def test_a_text_goes_as_it_is(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    outcome = send_one(sender_to(server.url), text(1))
    sent = server.texts[0]
    assert (sent.to, sent.body) == ("+13125550001", "¡Mañana! Ń")
    assert (sent.from_number, sent.messaging_service) == (twilio.NUMBER, None)
    assert (outcome.result, outcome.provider_ref) == (Result.ACCEPTED, sent.sid)


def test_a_messaging_service_chooses_the_number(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    url = server.url.replace(f"from={twilio.NUMBER}", f"messaging_service={twilio.SERVICE}")
    send_one(sender_to(url), text(1))
    assert (server.texts[0].from_number, server.texts[0].messaging_service) == (None, twilio.SERVICE)


def test_an_api_key_stands_for_the_account(sender_to: SenderTo) -> None:
    with twilio.TwilioServer(login="SK" + "1" * 32) as server:
        sender = sender_to(server.url)
        assert sender.check().ok
        assert send_one(sender, text(1)).result is Result.ACCEPTED


def test_a_text_goes_out_as_it_was_counted(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    send_one(sender_to(server.url), text(1))
    assert not server.texts[0].respelled


@pytest.mark.parametrize(("valid_for", "said"), [(None, None), (1, 1), (1800, 1800), (90_000, 36_000)])
def test_twilio_holds_a_text_no_longer_than_it_may_arrive(
    server: twilio.TwilioServer, sender_to: SenderTo, valid_for: int | None, said: int | None
) -> None:
    send_one(sender_to(server.url), text(1, valid_for=valid_for))
    assert server.texts[0].valid_for == said


def test_a_text_whose_time_is_over_is_put_back(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    outcome = send_one(sender_to(server.url), text(1, valid_for=0))
    assert (outcome.result, outcome.code) == (Result.RETRY, "out of time")
    assert server.texts == []


def test_as_many_go_at_once_as_there_are_connections(sender_to: SenderTo) -> None:
    with twilio.TwilioServer(latency=0.05) as server:
        sender = sender_to(f"{server.url}&connections=4")
        send_all(sender, *map(text, range(1, 25)))
        assert server.most_at_once == 4
        assert server.connections <= 4  # kept open, not one a text
        assert sorted(server.recipients) == sorted(f"+1312555{number:04d}" for number in range(1, 25))


def test_each_thread_gets_its_own_answer(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    messages = [text(number) for number in range(1, 201)]
    for message in messages[::2]:
        server.answer(message.to, twilio.error(21610))
    outcomes = send_all(sender_to(f"{server.url}&connections=16"), *messages)
    by_sid = {taken.sid: taken.to for taken in server.texts}
    for message in messages[1::2]:
        assert by_sid[outcomes[message.message_id].provider_ref] == message.to
    assert {outcomes[message.message_id].code for message in messages[::2]} == {"twilio 21610"}


@pytest.mark.parametrize(
    ("answer", "result", "code"),
    [
        (twilio.error(21610), Result.REFUSED, "twilio 21610"),
        (twilio.error(21211), Result.REFUSED, "twilio 21211"),
        (twilio.error(21611), Result.SLOW_DOWN, "twilio 21611"),
        (twilio.error(21408), Result.BROKEN, "twilio 21408"),
        (twilio.error(30029), Result.BROKEN, "twilio 30029"),
        (twilio.error(29999), Result.DROPPED, "twilio 29999"),
        (twilio.Answer(status=400, body="<html>?</html>"), Result.DROPPED, "http 400"),
        (twilio.Answer(status=302), Result.BROKEN, "http 302"),
        (twilio.fault(500), Result.UNCERTAIN, "http 500"),
        (twilio.fault(503), Result.UNCERTAIN, "http 503"),
        (twilio.hang_up(), Result.UNCERTAIN, "connection lost"),
        (twilio.silence(2), Result.UNCERTAIN, "timeout"),
        (twilio.Answer(status=200, body="<html>hotel</html>"), Result.UNCERTAIN, "unreadable answer"),
    ],
)  # fmt: skip
def test_every_answer_is_read(
    server: twilio.TwilioServer, sender_to: SenderTo, answer: twilio.Answer, result: Result, code: str
) -> None:
    server.answer(text(1).to, answer)
    outcomes = send_all(sender_to(server.url, timeout=0.5), text(1), text(2))
    assert (outcomes[1].result, outcomes[1].code) == (result, code)
    assert outcomes[2].result is Result.ACCEPTED


def test_a_lost_answer_is_not_followed_by_a_second_try(
    server: twilio.TwilioServer, sender_to: SenderTo
) -> None:
    server.answer(text(1).to, twilio.hang_up(taken=True))
    server.answer(text(2).to, twilio.fault(502, taken=True))
    server.answer(text(3).to, twilio.silence(2, taken=True))
    outcomes = send_all(sender_to(server.url, timeout=0.5), text(1), text(2), text(3))
    assert {outcome.result for outcome in outcomes.values()} == {Result.UNCERTAIN}
    assert len(server.texts) == 3


@pytest.mark.parametrize(("retry_after", "seconds"), [(7, 7.0), (None, None)])
def test_too_many_requests_says_when_to_come_back(
    server: twilio.TwilioServer, sender_to: SenderTo, retry_after: int | None, seconds: float | None
) -> None:
    server.answer(text(1).to, twilio.too_many(retry_after))
    outcome = send_one(sender_to(server.url), text(1))
    assert (outcome.result, outcome.code) == (Result.SLOW_DOWN, "twilio 20429")
    assert outcome.retry_after == seconds


def test_a_text_that_is_too_long_is_dropped(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    outcome = send_one(sender_to(server.url), RenderedSms(1, "+13125550001", "x" * 1601))
    assert (outcome.result, outcome.code) == (Result.DROPPED, "twilio 21617")


def test_twilios_words_come_without_the_number(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    server.answer(text(1).to, twilio.error(21211))
    assert send_one(sender_to(server.url), text(1)).detail == "Invalid 'To' Phone Number: <number>"


def test_refused_credentials_are_about_us(server: twilio.TwilioServer, sender_to: SenderTo) -> None:
    sender = sender_to(server.url.replace(twilio.TOKEN, "wrong-token"))
    outcome = send_one(sender, text(1))
    assert (outcome.result, outcome.code) == (Result.BROKEN, "twilio 20003")
    health = sender.check()
    assert (health.ok, health.words) == (False, "twilio 20003: Authenticate")
    assert "SID and token" in health.mend
    assert "wrong-token" not in f"{outcome} {health}"


def test_a_suspended_account_is_not_well(sender_to: SenderTo) -> None:
    with twilio.TwilioServer(status="suspended") as server:
        health = sender_to(server.url).check()
        assert (health.ok, health.words) == (False, "the account is suspended, Full")
        assert health.mend


def test_twilio_that_can_not_be_reached_has_taken_nothing(sender_to: SenderTo) -> None:
    with twilio.TwilioServer() as server:
        url = server.url
    sender = sender_to(url)
    outcome = send_one(sender, text(1))
    assert (outcome.result, outcome.code) == (Result.RETRY, "unreachable")
    assert "can be reached" in sender.check().mend


def test_a_certificate_that_nobody_vouches_for_gets_no_text(sender_to: SenderTo, tls_listener: str) -> None:
    sender = sender_to(f"twilio://{twilio.ACCOUNT}:t@?from={twilio.NUMBER}&api_base={tls_listener}")
    outcome = send_one(sender, text(1))
    assert (outcome.result, outcome.code) == (Result.RETRY, "unreachable")


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 408, 429, 500, 503])
def test_every_status_means_something_without_a_code(status: int) -> None:
    expected = {301: "broken", 400: "dropped", 401: "broken", 403: "broken", 404: "broken", 408: "uncertain",
                429: "slow_down", 500: "uncertain", 503: "uncertain"}  # fmt: skip
    assert meaning(None, status) == expected[status]


def test_a_known_code_counts_more_than_the_status() -> None:
    assert meaning(21610, 500) is Result.REFUSED
    assert Result.ACCEPTED not in CODES.values()
    assert Result.UNCERTAIN not in CODES.values()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("twilio://AC1:t@", "either from="),
        ("twilio://AC1:t@?from=+13125550100&messaging_service=MG1", "either from="),
        ("twilio://AC1:t@?messaging_service=XX1", "begins with MG"),
        ("twilio://AC1:t@?from=3125550100x55555", "must be a number"),
        ("twilio://AC1:t@?form=+13125550100", "no option 'form'"),
        ("twilio://AC1@?from=+13125550100", "SID and token"),
        ("twilio://SK1:s@?from=+13125550100", "SID and token"),
        ("twilio://AC1:t@?from=+13125550100&api_base=http://api.twilio.example", "must be https"),
        ("twilio://AC1:t@?from=+13125550100&connections=0", "connections=0"),
        ("twilio://AC1:t@?from=+13125550100&redaction=no", "redaction=no"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        account_of(parse_service_url(url), timeout=5.0)


def test_texts_for_real_reach_people() -> None:
    account = account_of(parse_service_url("twilio://AC1:t@?from=+13125550100"), timeout=5.0)
    assert account.api_base == "https://api.twilio.com"
    assert TwilioSender(account).beyond_loopback
    assert "t" not in repr(account.password) or "password" not in repr(account)


def test_a_batch_that_is_out_of_time_asks_twilio_nothing(
    server: twilio.TwilioServer, sender_to: SenderTo
) -> None:
    send_all(sender_to(server.url), text(1), text(2), stop_at=time.monotonic() - 1)
    assert server.connections == 0
