from dispatcher.channels.base import Outcome, Result
from dispatcher.channels.memory import Answer, MemorySender, Point
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered
from fakes.messages import email, send_all, send_one


def test_it_keeps_what_it_took() -> None:
    sender = MemorySender(Channel.EMAIL, connections=1)
    send_all(sender, email(1), email(2))
    assert sender.taken == [email(1), email(2)]
    assert sender.recipients == ["reader1@example.org", "reader2@example.org"]
    sender.close()


def test_it_answers_as_told_and_then_as_usual() -> None:
    sender = MemorySender(Channel.EMAIL)
    to = email(1).to
    sender.answer(to, Result.RETRY, Answer(Result.SLOW_DOWN, "smtp 421", "slower", retry_after=3.0))
    assert send_one(sender, email(1)) == Outcome(1, Result.RETRY)
    assert send_one(sender, email(1)) == Outcome(1, Result.SLOW_DOWN, "smtp 421", "slower", retry_after=3.0)
    assert sender.taken == []
    assert send_one(sender, email(1)) == Outcome(1, Result.ACCEPTED, provider_ref="memory-1")
    sender.close()


def test_an_uncertain_message_may_have_arrived() -> None:
    sender = MemorySender(Channel.EMAIL)
    sender.answer(email(1).to, Answer(Result.UNCERTAIN, "timeout", taken=True), Result.UNCERTAIN)
    assert send_one(sender, email(1)) == Outcome(1, Result.UNCERTAIN, "timeout")
    assert send_one(sender, email(1)) == Outcome(1, Result.UNCERTAIN)
    assert sender.recipients == ["reader1@example.org"]
    sender.close()


def test_a_test_can_step_in_before_and_after_a_message_is_taken() -> None:
    seen: list[tuple[Point, int, int]] = []

    def look(point: Point, message: Rendered) -> None:
        seen.append((point, message.message_id, len(sender.taken)))

    sender = MemorySender(Channel.EMAIL, at=look)
    send_one(sender, email(4))
    assert seen == [(Point.BEFORE, 4, 0), (Point.TAKEN, 4, 1)]
    sender.close()
