"""Emails to servers that break the protocol: what is certainly not taken, and what nobody can know."""

import threading
import time
from collections.abc import Callable

import pytest

from dispatcher.channels.base import UNREACHABLE, Result
from dispatcher.channels.smtp import SmtpSender
from fakes.broken_smtp import (
    BrokenSmtp,
    Wire,
    behave,
    behave_until_left,
    drop_after_the_final_dot,
    drop_at_data,
    drop_in_the_middle,
    never_answer_after_the_final_dot,
    never_greet,
)
from fakes.messages import HELLO, email, send_all, send_one, soon, text

SmtpTo = Callable[..., SmtpSender]


def test_an_answer_that_never_came_leaves_the_message_uncertain(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(drop_after_the_final_dot, behave) as server:
        outcome = send_one(smtp_to(server.url), email())
        assert (outcome.result, outcome.code) == (Result.UNCERTAIN, "connection lost")
        assert server.taken == [HELLO]  # it had arrived: a second try would have sent it twice
        assert server.connections == 1


def test_an_answer_that_takes_too_long_leaves_the_message_uncertain(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(never_answer_after_the_final_dot) as server:
        outcome = send_one(smtp_to(server.url, timeout=0.3), email())
        assert (outcome.result, outcome.code) == (Result.UNCERTAIN, "timeout")
        assert server.taken == [HELLO]


@pytest.mark.parametrize("last_words", ["gibberish", "354 Go on", "999 what"])
def test_an_answer_that_is_none_leaves_the_message_uncertain(smtp_to: SmtpTo, last_words: str) -> None:
    def babble(wire: Wire) -> None:
        drop_after_the_final_dot(wire)
        wire.say(last_words)
        wire.wait_until_gone()

    with BrokenSmtp(babble) as server:
        assert send_one(smtp_to(server.url), email()).result is Result.UNCERTAIN


def test_a_connection_lost_before_the_message_is_certainly_not_taken(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(drop_at_data) as server:
        outcome = send_one(smtp_to(server.url), email())
        assert (outcome.result, outcome.code) == (Result.RETRY, "connection lost")
        assert outcome.code in UNREACHABLE
        assert server.taken == []


def test_a_connection_lost_while_the_message_is_written_is_certainly_not_taken(smtp_to: SmtpTo) -> None:
    large = email(mime=LARGE)
    with BrokenSmtp(drop_in_the_middle) as server:
        outcome = send_one(smtp_to(server.url), large)
        assert (outcome.result, outcome.code) == (Result.RETRY, "connection lost")


LARGE = b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * 200_000  # more than the kernel holds


def test_a_message_larger_than_the_kernel_holds_arrives_whole(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(behave) as server:
        outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1, mime=LARGE), email(2))
        assert {outcome.result for outcome in outcomes.values()} == {Result.ACCEPTED}
        assert server.taken == [LARGE, HELLO]


@pytest.mark.parametrize(
    ("words", "result", "code"),
    [
        ("552 5.3.4 too large for us", Result.DROPPED, "smtp 552 5.3.4"),
        ("250 2.0.0 nobody can agree to what isn't there", Result.RETRY, "connection lost"),
    ],
)
def test_an_answer_in_the_middle_of_a_message_ends_the_connection(
    smtp_to: SmtpTo, words: str, result: Result, code: str
) -> None:
    def interrupt(wire: Wire) -> None:
        wire.greet()
        wire.agree_to_send()
        wire.take_part(lines=10)
        wire.say(words)
        time.sleep(0.2)

    with BrokenSmtp(interrupt, behave) as server:
        sender = smtp_to(f"{server.url}?connections=1")
        outcome = send_one(sender, email(1, mime=LARGE))
        assert (outcome.result, outcome.code) == (result, code)
        assert send_one(sender, email(2)).result is Result.ACCEPTED
        assert server.connections == 2


@pytest.mark.parametrize("lines", [["250 " + "x" * 10_000], ["250-more"] * 150], ids=["long", "many"])
def test_an_answer_without_end_is_none(smtp_to: SmtpTo, lines: list[str]) -> None:
    def ramble(wire: Wire) -> None:
        wire.greet()
        wire.hear()
        wire.say(*lines)
        wire.wait_until_gone()

    with BrokenSmtp(ramble) as server:
        outcome = send_one(smtp_to(server.url), email())
        assert (outcome.result, outcome.code) == (Result.RETRY, "connection lost")


def test_a_relay_that_says_goodbye_while_idle_gets_the_next_message_over_a_new_connection(
    smtp_to: SmtpTo,
) -> None:
    said = threading.Event()

    def say_goodbye(wire: Wire) -> None:
        wire.greet()
        wire.agree_to_send()
        wire.take_message()
        wire.say("250 Ok")
        wire.say("421 4.4.2 idle for too long")
        said.set()
        wire.wait_until_gone()

    with BrokenSmtp(say_goodbye, behave) as server:
        sender = smtp_to(f"{server.url}?connections=1")
        assert send_one(sender, email(1)).result is Result.ACCEPTED
        assert said.wait(5)
        assert send_one(sender, email(2)).result is Result.ACCEPTED
        assert len(server.taken) == 2


def test_a_kept_connection_that_died_is_replaced_within_the_same_send(smtp_to: SmtpTo) -> None:
    def one_message_then_gone(wire: Wire) -> None:
        wire.greet()
        wire.agree_to_send()
        wire.take_message()
        wire.say("250 Ok")
        assert wire.hear().startswith("MAIL")

    with BrokenSmtp(one_message_then_gone, behave) as server:
        outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1), email(2), email(3))
        assert {outcome.result for outcome in outcomes.values()} == {Result.ACCEPTED}
        assert len(server.taken) == 3
        assert server.connections == 2


def test_a_new_connection_is_not_tried_a_third_time(smtp_to: SmtpTo) -> None:
    def one_message_then_gone(wire: Wire) -> None:
        wire.greet()
        wire.agree_to_send()
        wire.take_message()
        wire.say("250 Ok")
        wire.hear()

    with BrokenSmtp(one_message_then_gone, drop_at_data) as server:
        outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1), email(2))
        assert [outcomes[n].result for n in (1, 2)] == [Result.ACCEPTED, Result.RETRY]
        assert server.connections == 2


def test_a_relay_that_asks_for_a_message_to_nobody_gets_a_lone_dot(smtp_to: SmtpTo) -> None:
    heard: list[str] = []

    def refuse_and_ask(wire: Wire) -> None:
        wire.greet("PIPELINING")
        heard.extend(wire.hear() for _ in range(3))
        wire.say("250 Ok", "550 5.1.1 User unknown", "354 Go on")
        heard.append(wire.hear())
        wire.say("554 5.5.1 nobody to send it to")
        wire.agree_to_send()
        wire.take_message()
        wire.say("250 Ok")
        wire.wait_until_gone()

    with BrokenSmtp(refuse_and_ask) as server:
        outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1), email(2))
        assert [outcomes[n].result for n in (1, 2)] == [Result.REFUSED, Result.ACCEPTED]
        assert heard[2:] == ["DATA", "."]
        assert server.taken == [HELLO]


def test_a_relay_that_closes_after_a_refusal_has_still_refused(smtp_to: SmtpTo) -> None:
    def refuse_and_close(wire: Wire) -> None:
        wire.greet()
        wire.hear()
        wire.say("250 Ok")
        wire.hear()
        wire.say("550 5.1.1 User unknown")

    with BrokenSmtp(refuse_and_close, behave) as server:
        outcomes = send_all(smtp_to(f"{server.url}?connections=1"), email(1), email(2))
        assert [outcomes[n].result for n in (1, 2)] == [Result.REFUSED, Result.ACCEPTED]


def test_a_421_in_the_middle_is_the_last_answer_of_a_connection(smtp_to: SmtpTo) -> None:
    def too_many(wire: Wire) -> None:
        wire.greet("PIPELINING")
        for _ in range(3):
            wire.hear()
        wire.say("250 Ok", "421 4.7.0 too many connections from you")

    with BrokenSmtp(too_many) as server:
        outcome = send_one(smtp_to(server.url), email())
        assert (outcome.result, outcome.code) == (Result.SLOW_DOWN, "smtp 421 4.7.0")


def test_an_answer_of_several_lines_is_one_answer(smtp_to: SmtpTo) -> None:
    def explain(wire: Wire) -> None:
        wire.greet()
        wire.hear()
        wire.say("250 Ok")
        wire.hear()
        wire.say("550-5.1.1 The email account that you tried to reach", "550 5.1.1 does not exist.")

    with BrokenSmtp(explain) as server:
        outcome = send_one(smtp_to(server.url), email())
        assert outcome.code == "smtp 550 5.1.1"
        assert outcome.detail == "The email account that you tried to reach does not exist."


def test_an_address_that_the_relay_can_not_say_is_dropped(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(behave) as server:
        outcomes = send_all(
            smtp_to(f"{server.url}?connections=1"),
            email(1, to="josé@example.org"),
            email(2, to="jose@españa.example"),
            email(3, to="jose@españa..example"),
        )
        assert (outcomes[1].result, outcomes[1].code) == (Result.DROPPED, "smtputf8 not offered")
        assert outcomes[2].result is Result.ACCEPTED  # its domain has an ASCII form
        assert (outcomes[3].result, outcomes[3].code) == (Result.DROPPED, "smtputf8 not offered")


@pytest.mark.parametrize(
    ("greeting", "result", "code"),
    [
        ("554 5.7.1 your address is on a block list", Result.BROKEN, "smtp 554 5.7.1"),
        ("421 4.7.0 too many connections", Result.SLOW_DOWN, "smtp 421 4.7.0"),
        ("421 try again later", Result.RETRY, "smtp 421"),
        ("HTTP/1.1 400 Bad Request", Result.RETRY, "unreachable"),
        ("299 hello", Result.RETRY, "unreachable"),
    ],
)
def test_a_greeting_that_is_none_is_certainly_not_taken(
    smtp_to: SmtpTo, greeting: str, result: Result, code: str
) -> None:
    with BrokenSmtp(lambda wire: wire.say(greeting)) as server:
        outcome = send_one(smtp_to(server.url), email())
        assert (outcome.result, outcome.code) == (result, code)


def test_a_relay_that_never_greets_is_unreachable(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(never_greet) as server:
        sender = smtp_to(server.url, timeout=0.2)
        outcome = send_one(sender, email())
        assert (outcome.result, outcome.code) == (Result.RETRY, "connection lost")
        assert "hung up" in sender.check().words


def test_a_relay_that_is_not_there_is_unreachable(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(behave) as server:
        url = server.url
    sender = smtp_to(url)
    outcome = send_one(sender, email())
    assert (outcome.result, outcome.code) == (Result.RETRY, "unreachable")
    health = sender.check()
    assert (health.ok, health.words) == (False, "Connection refused")
    assert url.removeprefix("smtp://") in health.mend


def test_when_a_connection_can_not_be_opened_the_rest_of_the_batch_does_not_try(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(lambda wire: wire.say("554 5.7.1 go away")) as server:
        outcomes = send_all(smtp_to(f"{server.url}?connections=2"), *map(email, range(1, 101)))
        assert {outcome.result for outcome in outcomes.values()} == {Result.BROKEN}
        assert server.connections <= 2


def test_the_message_is_not_handed_over_when_the_relay_asks_for_it_too_late(smtp_to: SmtpTo) -> None:
    def think(wire: Wire) -> None:
        wire.greet()
        for _ in range(2):
            wire.hear()
            wire.say("250 Ok")
        wire.hear()
        time.sleep(0.4)
        wire.say("354 Go on")
        wire.take_part(lines=1)

    with BrokenSmtp(think) as server:
        outcome = send_one(smtp_to(server.url), email(), stop_at=time.monotonic() + 0.2)
        assert (outcome.result, outcome.code) == (Result.RETRY, "out of time")
        assert server.taken == []


def test_a_kept_connection_that_died_is_not_replaced_when_there_is_no_time(smtp_to: SmtpTo) -> None:
    def one_message_then_silence(wire: Wire) -> None:
        wire.greet()
        wire.agree_to_send()
        wire.take_message()
        wire.say("250 Ok")
        wire.wait_until_gone()

    with BrokenSmtp(one_message_then_silence, behave) as server:
        sender = smtp_to(f"{server.url}?connections=1", timeout=0.4)
        assert send_one(sender, email(1)).result is Result.ACCEPTED
        outcome = send_one(sender, email(2), stop_at=time.monotonic() + 0.2)
        assert (outcome.result, outcome.code) == (Result.RETRY, "out of time")
        assert server.connections == 1


def test_a_fault_of_ours_leaves_one_message_uncertain_and_the_others_go_on(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(behave) as server:
        outcomes = send_all(smtp_to(server.url), text(1), email(2))  # no text can go by email
        assert (outcomes[1].result, outcomes[1].code) == (Result.UNCERTAIN, "fault AssertionError")
        assert outcomes[2].result is Result.ACCEPTED


@pytest.mark.parametrize(
    ("words", "reference"),
    [
        ("2.0.0 Ok: queued as 4XyZ12abc", "4XyZ12abc"),
        ("OK id=1tAbCd-000000001-2345", "1tAbCd-000000001-2345"),
        ("Ok 0100018f2b3c4d5e-11111111-2222-3333-4444-555555555555-000000",
         "0100018f2b3c4d5e-11111111-2222-3333-4444-555555555555-000000"),
        ("2.6.0 <1.x@ours.example> [InternalId=1234567, Hostname=mx] Queued mail", "1234567"),
        ("2.0.0 52G8abcd012345 Message accepted for delivery", "52G8abcd012345"),
        ("Great success", ""),
    ],
)  # fmt: skip
def test_the_relays_own_id_is_kept(smtp_to: SmtpTo, words: str, reference: str) -> None:
    def accept(wire: Wire) -> None:
        drop_after_the_final_dot(wire)
        wire.say(f"250 {words}")
        wire.wait_until_gone()

    with BrokenSmtp(accept) as server:
        assert send_one(smtp_to(server.url), email()).provider_ref == reference


def test_a_consumer_that_stops_reading_leaves_nothing_hanging(smtp_to: SmtpTo) -> None:
    with BrokenSmtp(behave_until_left) as server:
        sender = smtp_to(f"{server.url}?connections=2")
        outcomes = sender.send(map(email, range(1, 101)), soon())
        next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]
        assert send_one(sender, email(200)).result is Result.ACCEPTED
        sender.close()
        assert len(server.taken) < 10
