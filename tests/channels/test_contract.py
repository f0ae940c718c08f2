"""What holds for every sender, real or fake."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from dispatcher.channels.base import Health, Result, Sender
from dispatcher.channels.choose import choose_sender
from dispatcher.channels.feed import Early, Fed, Withdrawn
from dispatcher.channels.memory import MemorySender
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered
from dispatcher.settings import load_settings
from fakes import twilio
from fakes.messages import email, send_all, send_one, soon, text
from fakes.smtp import SmtpServer

SECRET = "s3cret-of-ours"


@dataclass
class Bench:
    """A sender, and what is at its other end."""

    sender: Sender
    message: Callable[..., Rendered]  # message(number), to an address of its own
    arrived: Callable[[], int]  # how many messages the other end has taken
    refuse: Callable[[str], object]  # make the other end refuse an address for good


def _smtp(stack: ExitStack, *, pipelining: bool) -> Bench:
    server = stack.enter_context(SmtpServer(pipelining=pipelining, login=("alerts", SECRET)))
    sender = choose_sender(load_settings(email_url=server.url), Channel.EMAIL)

    def refuse(to: str) -> None:
        server.answer(to, f"550 5.1.1 <{to}>: User unknown")

    return Bench(sender, email, lambda: len(server.received), refuse)


def _twilio(stack: ExitStack) -> Bench:
    server = stack.enter_context(twilio.TwilioServer())
    sender = choose_sender(load_settings(sms_url=server.url), Channel.SMS)
    return Bench(sender, text, lambda: len(server.texts), lambda to: server.answer(to, twilio.error(21614)))


def _outbox(channel: Channel) -> Bench:
    sender = choose_sender(load_settings(), channel)
    message = email if channel is Channel.EMAIL else text
    return Bench(sender, message, lambda: len(list(Path("var/outbox").glob("0*.*"))), lambda _: None)


def _memory() -> Bench:
    sender = MemorySender(Channel.EMAIL)
    return Bench(sender, email, lambda: len(sender.taken), lambda to: sender.answer(to, Result.REFUSED))


REFUSING = ["smtp", "smtp that pipelines", "twilio", "memory"]
EVERY = [*REFUSING, "outbox, email", "outbox, sms"]


@pytest.fixture(params=EVERY)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with ExitStack() as stack:
        match request.param:
            case "smtp" | "smtp that pipelines":
                bench = _smtp(stack, pipelining=request.param != "smtp")
            case "twilio":
                bench = _twilio(stack)
            case "memory":
                bench = _memory()
            case _:
                bench = _outbox(Channel(request.param.removeprefix("outbox, ")))
        stack.callback(bench.sender.close)
        yield bench


class TestEverySender:
    def test_every_message_gets_exactly_one_outcome(self, bench: Bench) -> None:
        outcomes = send_all(bench.sender, *(bench.message(number) for number in range(1, 41)))
        assert sorted(outcomes) == list(range(1, 41))
        assert {outcome.result for outcome in outcomes.values()} == {Result.ACCEPTED}
        assert bench.arrived() == 40

    def test_what_it_took_can_be_found_again_at_the_provider(self, bench: Bench) -> None:
        references = [o.provider_ref for o in send_all(bench.sender, *map(bench.message, (1, 2, 3))).values()]
        assert all(references)
        assert len(set(references)) == 3

    def test_an_empty_batch_gives_nothing(self, bench: Bench) -> None:
        assert send_all(bench.sender) == {}

    def test_messages_that_are_out_of_time_are_put_back_and_not_sent(self, bench: Bench) -> None:
        outcomes = send_all(bench.sender, bench.message(1), bench.message(2), stop_at=time.monotonic() - 1)
        assert {(o.result, o.code) for o in outcomes.values()} == {(Result.RETRY, "out of time")}
        assert bench.arrived() == 0

    @pytest.mark.parametrize("bench", REFUSING, indirect=True)
    def test_a_refused_recipient_spoils_nobody_elses_message(self, bench: Bench) -> None:
        bench.refuse(bench.message(7).to)
        outcomes = send_all(bench.sender, *(bench.message(number) for number in range(1, 21)))
        assert outcomes.pop(7).result is Result.REFUSED
        assert {outcome.result for outcome in outcomes.values()} == {Result.ACCEPTED}
        assert bench.arrived() == 19

    def test_no_outcome_shows_an_address(self, bench: Bench) -> None:
        message = bench.message(1)
        bench.refuse(message.to)
        shown = repr(send_one(bench.sender, message))
        assert message.to not in shown
        assert message.to.removeprefix("+").partition("@")[0] not in shown

    def test_a_closed_sender_can_be_used_again(self, bench: Bench) -> None:
        assert send_one(bench.sender, bench.message(1)).result is Result.ACCEPTED
        bench.sender.close()
        assert send_one(bench.sender, bench.message(2)).result is Result.ACCEPTED
        assert bench.arrived() == 2

    def test_a_message_goes_while_the_batch_has_no_other_to_begin(self, bench: Bench) -> None:
        arrived_in_the_pause = []

        def paced() -> Iterator[Fed]:
            yield bench.message(1)
            for _ in range(500):
                if bench.arrived():
                    arrived_in_the_pause.append(1)
                    break
                yield 0.01
            yield bench.message(2)

        assert len(list(bench.sender.send(paced(), soon()))) == 2
        assert arrived_in_the_pause == [1]

    def test_what_is_announced_arrives_once_and_what_is_withdrawn_never(self, bench: Bench) -> None:
        one, two = bench.message(1), bench.message(2)
        batch: list[Fed] = [Early(one), Early(two), Withdrawn(2), one]
        assert [outcome.message_id for outcome in bench.sender.send(batch, soon())] == [1]
        assert bench.arrived() == 1

    @pytest.mark.parametrize("bench", REFUSING, indirect=True)
    def test_an_answer_ends_a_pause(self, bench: Bench) -> None:
        answered: list[int] = []

        def waits_for_the_first() -> Iterator[Fed]:
            yield bench.message(1)
            while not answered:
                yield 3600.0
            yield bench.message(2)

        for outcome in bench.sender.send(waits_for_the_first(), soon()):
            answered += [outcome.message_id]
        assert answered == [1, 2]

    def test_its_name_says_what_it_is_and_no_secret(self, bench: Bench) -> None:
        shown = f"{bench.sender.name} {bench.sender!r} {vars(bench.sender)!r}"
        assert bench.sender.name
        assert SECRET not in shown
        assert twilio.TOKEN not in shown

    def test_its_check_is_well_and_sends_nothing(self, bench: Bench) -> None:
        health = bench.sender.check()
        assert health == Health(ok=True, words=health.words)
        assert health.words
        assert bench.arrived() == 0

    def test_on_this_machine_it_reaches_nobody(self, bench: Bench) -> None:
        assert not bench.sender.beyond_loopback
        assert bench.sender.connections == 8
