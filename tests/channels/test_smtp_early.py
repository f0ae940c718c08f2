"""Emails that are announced before they may go: offered to the relay at once, and never handed over early."""

import threading
from collections.abc import Callable, Iterator

import pytest

from dispatcher.channels.base import Outcome, Result
from dispatcher.channels.feed import Early, Fed, Withdrawn
from dispatcher.channels.smtp import SmtpSender
from fakes.broken_smtp import BrokenSmtp, Wire, behave
from fakes.messages import email, soon
from fakes.smtp import SmtpServer

SmtpTo = Callable[..., SmtpSender]
_PATIENCE = 10.0  # seconds


def until(said: Callable[[], object]) -> Iterator[Fed]:
    """Pauses until something is so."""
    for _ in range(int(_PATIENCE / 0.01)):
        if said():
            return
        yield 0.01
    raise AssertionError("it never was")


class Asked:
    """A server's script that notes when it has asked for the message, then does as another script."""

    def __init__(self, *extensions: str) -> None:
        self.for_message = threading.Event()
        self._extensions = extensions

    def __call__(self, wire: Wire) -> None:
        wire.greet(*self._extensions)
        wire.agree_to_send()
        self.for_message.set()
        wire.take_message()
        wire.say("250 Ok")
        wire.wait_until_gone()


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)], ids=["one by one", "pipelining"])
def test_what_is_announced_is_offered_and_goes_when_it_may(smtp_to: SmtpTo, extensions: tuple[str]) -> None:
    asked = Asked(*extensions)
    with BrokenSmtp(asked) as server:

        def batch() -> Iterator[Fed]:
            yield Early(email())
            yield from until(asked.for_message.is_set)
            for _ in range(5):
                yield 0.01
            assert server.taken == []  # it waits for the word
            yield email()

        (outcome,) = smtp_to(server.url).send(batch(), soon())
        assert outcome.result is Result.ACCEPTED
        assert len(server.taken) == 1


def test_the_word_may_come_before_the_relay_agrees(smtp_to: SmtpTo) -> None:
    with SmtpServer(pipelining=True) as server:
        announced = [word for n in range(1, 41) for word in (Early(email(n)), email(n))]
        outcomes = list(smtp_to(server.url).send(announced, soon()))
        assert {outcome.result for outcome in outcomes} == {Result.ACCEPTED}
        assert len(outcomes) == 40
        assert sorted(server.recipients) == sorted(f"reader{n}@example.org" for n in range(1, 41))


def test_what_is_withdrawn_never_arrives_and_spoils_nobody_elses(smtp_to: SmtpTo) -> None:
    asked = threading.Event()

    def ask_and_wait(wire: Wire) -> None:
        wire.greet()
        wire.agree_to_send()
        asked.set()
        assert wire.hear() == ""  # not a word of the message

    with BrokenSmtp(ask_and_wait, behave) as server:

        def batch() -> Iterator[Fed]:
            yield Early(email(1))
            yield from until(asked.is_set)
            yield Withdrawn(1)
            yield email(2)

        (outcome,) = smtp_to(f"{server.url}?connections=1").send(batch(), soon())
        assert (outcome.message_id, outcome.result) == (2, Result.ACCEPTED)
        assert len(server.taken) == 1
        assert server.connections == 2  # there is no other way to take an offer back


def test_what_is_announced_and_heard_of_no_more_is_withdrawn(smtp_to: SmtpTo) -> None:
    with SmtpServer(pipelining=True) as server:
        batch: list[Fed] = [email(1), Early(email(2)), Early(email(3))]
        (outcome,) = smtp_to(f"{server.url}?connections=2").send(batch, soon())
        assert (outcome.message_id, server.recipients) == (1, ["reader1@example.org"])


def test_what_is_withdrawn_before_it_has_a_connection_needs_none(smtp_to: SmtpTo) -> None:
    with SmtpServer() as server:
        batch: list[Fed] = [Early(email(1)), Early(email(2)), Withdrawn(2), email(1)]
        (outcome,) = smtp_to(f"{server.url}?connections=1").send(batch, soon())
        assert (outcome.message_id, server.recipients) == (1, ["reader1@example.org"])
        assert server.connections == 1


@pytest.mark.parametrize(
    ("last_word", "told"),
    [
        (email(1), [(2, Result.ACCEPTED), (1, Result.REFUSED)]),
        (Withdrawn(1), [(2, Result.ACCEPTED)]),
    ],
    ids=["it may go", "it is withdrawn"],
)
def test_a_refusal_of_what_is_announced_is_told_once_it_may_go_or_never(
    smtp_to: SmtpTo, last_word: Fed, told: list[tuple[int, Result]]
) -> None:
    with SmtpServer(pipelining=True) as server:
        server.answer("reader1@example.org", "550 5.1.1 User unknown")
        outcomes: list[Outcome] = []

        def batch() -> Iterator[Fed]:
            yield Early(email(1))
            yield email(2)
            yield from until(lambda: outcomes)
            assert [outcome.message_id for outcome in outcomes] == [2]
            yield last_word

        for outcome in smtp_to(f"{server.url}?connections=1").send(batch(), soon()):
            outcomes += [outcome]
        assert [(outcome.message_id, outcome.result) for outcome in outcomes] == told


def test_a_relay_that_closes_while_it_waits_gets_the_message_over_another_connection(smtp_to: SmtpTo) -> None:
    waited = threading.Event()

    def lose_patience(wire: Wire) -> None:
        wire.greet()
        wire.agree_to_send()
        wire.take_message()
        wire.say("250 Ok")
        wire.agree_to_send()
        wire.say("421 4.4.2 that takes too long")
        waited.set()

    with BrokenSmtp(lose_patience, behave) as server:
        sent: list[Outcome] = []

        def batch() -> Iterator[Fed]:
            yield email(1)
            yield from until(lambda: sent)
            yield Early(email(2))
            yield from until(waited.is_set)
            for _ in range(5):
                yield 0.01
            yield email(2)

        for outcome in smtp_to(f"{server.url}?connections=1").send(batch(), soon()):
            sent += [outcome]
        assert [outcome.result for outcome in sent] == [Result.ACCEPTED] * 2
        assert len(server.taken) == 2


def test_a_relay_may_wait_longer_than_we_wait_for_its_answers(smtp_to: SmtpTo) -> None:
    """The word takes as long as the database is away: that isn't the relay's silence."""
    asked = Asked()
    with BrokenSmtp(asked) as server:

        def batch() -> Iterator[Fed]:
            yield Early(email())
            yield from until(asked.for_message.is_set)
            for _ in range(80):
                yield 0.01
            yield email()

        (outcome,) = smtp_to(server.url, timeout=0.2).send(batch(), soon())
        assert (outcome.result, server.connections) == (Result.ACCEPTED, 1)
