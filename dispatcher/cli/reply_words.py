"""Replies as staff read them: a line in a list, or a conversation."""

from collections.abc import Iterator

from dispatcher.cli.times import clock
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.rules.notices import NoticeState
from dispatcher.usecases.replies.reading import Conversation, SeenAnswer, SeenReply

_BY = {Channel.EMAIL: "email", Channel.SMS: "text"}
_BECAME = {
    None: "",
    NoticeState.QUEUED: "waits to leave",
    NoticeState.SENDING: "leaves now",
    NoticeState.SENT: "sent",
    NoticeState.FAILED: "NOT sent",
    NoticeState.UNCERTAIN: "nobody knows whether it left",
}
_PASSED_ON = "  not from whom we wrote to: it was passed on, or somebody writes another's name"
_SHORT = 60  # characters of the words in a list


def row_of(one: SeenReply, *, words: bool) -> list[object]:
    """A line of `replies ls`."""
    last = one.answers[-1] if one.answers else None
    cells = [
        one.number,
        clock(one.at),
        _BY[one.channel],
        one.language or "?",
        _state(one),
        one.assigned_to or "-",
        one.subscriber_id or "-",
        one.alert_id or "-",
        (f"{_BECAME[last.became]}" if last.by else "automatic") if last else "-",
    ]
    return [*cells, _shortened(one.words)] if words else cells


def conversation_lines(found: Conversation) -> Iterator[str]:
    """A conversation, oldest first, the reply that was asked for marked."""
    asked = found.asked
    who = f"subscriber {asked.subscriber_id}" if asked.subscriber_id else "somebody"
    reads = f", who reads {asked.language}" if asked.language else ""
    yield f"Reply {asked.number}: by {_BY[asked.channel]}, from {who}{reads}"
    yield f"  {_state(asked)}, with {asked.assigned_to or 'nobody yet'}"
    if asked.alert_id:
        yield f"  it most likely is about alert {asked.alert_id} ({found.campaign})"
    for turn in found.turns:
        yield ""
        mark = " <- this one" if turn.number == asked.number and len(found.turns) > 1 else ""
        yield f"{clock(turn.at)}  they wrote (reply {turn.number}, by {_BY[turn.channel]}):{mark}"
        if turn.passed_on:
            yield _PASSED_ON
        yield from _indented(turn.words)
        for one in turn.answers:
            yield from _answer_lines(one)


def _answer_lines(one: SeenAnswer) -> Iterator[str]:
    became = _BECAME[one.became] + (f": {one.error}" if one.error else "")
    what = f"{one.by} answered" if one.by else "the automatic answer"
    yield f"{clock(one.at)}  {what}{f' ({became})' if became else ''}{':' if one.words else ''}"
    yield from _indented(one.words)


def _state(one: SeenReply) -> str:
    return f"{one.state}, taken for a STOP" if one.tier is Tier.LEAVES else str(one.state)


def _indented(words: str) -> Iterator[str]:
    return (f"    {_plain(line)}" for line in words.splitlines())


def _shortened(words: str) -> str:
    line = _plain(" ".join(words.split()))
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"


def _plain(line: str) -> str:
    """Nothing that a stranger wrote may steer the terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
