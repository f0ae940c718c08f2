"""`dispatch replies`: what people write to us, and what staff answer."""

import sys
from typing import IO, TYPE_CHECKING

import click

from dispatcher.cli.out import PRACTICE, confirm, emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group

if TYPE_CHECKING:
    from dispatcher.usecases.replies.answering import Draft

_number = click.argument("number", type=click.IntRange(min=1), metavar="NUMBER")
_NAME_LENGTH = 64  # characters of a member of staff's name


@click.group(cls=Group)
def command() -> None:
    """What people write to us by text and email, kept for 30 days, and our answers."""


@command.command("ls")
@click.option("--open", "which", flag_value="open", default="open", help="Who waits for us (the default).")
@click.option("--mine", "which", flag_value="mine", help="What you have taken, until it is closed.")
@click.option("--all", "which", flag_value="all", help="Answered and closed ones, too.")
@click.option("--words", is_flag=True, help="Show what they wrote.")
@click.option("--limit", type=click.IntRange(min=1, max=1000), default=100, show_default=True)
@json_option
def list_them(which: str, words: bool, limit: int, as_json: bool) -> None:
    """Who has waited longest comes first. People are named by number alone."""
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.reply_words import row_of
    from dispatcher.rules.replies import ReplyState
    from dispatcher.usecases.audit import who_is_here
    from dispatcher.usecases.replies.reading import list_replies

    states = {"open": {ReplyState.OPEN}, "mine": set(ReplyState) - {ReplyState.CLOSED}}
    with open_house().db.reading() as session:
        found = list_replies(
            session,
            states=states.get(which, set(ReplyState)),
            assigned_to=who_is_here() if which == "mine" else None,
            limit=limit,
        )
    if as_json:
        emit({"replies": [one.facts(words=words) for one in found]})
    elif found:
        headings = ["reply", "when", "by", "reads", "state", "with", "person", "alert", "answer"]
        table([*headings, "words"] if words else headings, [row_of(one, words=words) for one in found])
        if len(found) == limit:
            note(f"The first {limit:,}; --limit shows more.")
    else:
        say("Nobody waits." if which == "open" else "None.")


@command.command()
@_number
@json_option
def show(number: int, as_json: bool) -> None:
    """What they wrote and we answered, and what else was said with them in these 30 days."""
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.reply_words import conversation_lines
    from dispatcher.usecases.replies.reading import read_reply

    with open_house().db.reading() as session:
        found = read_reply(session, number)
    if as_json:
        turns = [one.facts(words=True) for one in found.turns]
        emit({**found.asked.facts(words=True), "campaign": found.campaign, "conversation": turns})
        return
    for line in conversation_lines(found):
        say(line)


@command.command()
@_number
@click.option("--yes", is_flag=True, help="Take it also from somebody else.")
def take(number: int, yes: bool) -> None:
    """It is yours to answer."""
    from dispatcher.usecases.audit import who_is_here

    _give(number, who_is_here(), yes=yes)


@command.command()
@_number
@click.option("--to", "name", required=True, metavar="NAME", help="Who is to answer: their login here.")
@click.option("--yes", is_flag=True, help="Also when it is with somebody else.")
def assign(number: int, name: str, yes: bool) -> None:
    """It is somebody's to answer; their `dispatch replies ls --mine` has it."""
    name = name.strip()
    if not 0 < len(name) <= _NAME_LENGTH or not name.isprintable():
        raise click.UsageError(f"A name has 1 to {_NAME_LENGTH} characters.")
    _give(number, name, yes=yes)


def _give(number: int, name: str, *, yes: bool) -> None:
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.replies.handling import assign as give
    from dispatcher.usecases.replies.reading import find_reply

    house = open_house()
    with house.db.reading() as session:
        has_it = find_reply(session, number).assigned_to
    if has_it not in {None, name}:
        confirm(f"Reply {number} is with {has_it}. Give it to {name}?", yes=yes)
    with house.db.transaction() as session:
        give(session, number, name)
    say(f"Reply {number} is with {name}.")


@command.command()
@_number
@click.option(
    "--text", "file", type=click.File(encoding="utf-8"), help="A file with the answer; - reads it here."
)
@click.option("--yes", is_flag=True, help="Don't ask; also when somebody else has taken it.")
@json_option
def answer(number: int, file: IO[str] | None, yes: bool, as_json: bool) -> None:
    """Answer one, in an editor or from a file. It is shown, with what a text costs, before it goes.

    An answer needs the same consent as an alert. A text keeps the person's hours, and waits for them.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.serving import serving
    from dispatcher.usecases.audit import who_is_here
    from dispatcher.usecases.replies.answering import draft_answer, send_answer, who_answers

    house, me = open_house(), who_is_here()
    with house.db.reading() as session:
        has_it, seen = who_answers(session, number)
    if has_it not in {None, me}:
        confirm(f"{has_it} has taken reply {number}. Answer it all the same?", yes=yes)
    words = file.read() if file else _typed(number)
    draft = draft_answer(house, number, words, seen=seen)
    _show(draft)
    confirm("Send it?", yes=yes)
    with serving(house) as service:
        with house.db.transaction() as session:
            send_answer(session, house.keys, number, words, author=me, seen=draft.seen)
        service.wake()
    practice = house.settings.practice[draft.channel]
    if as_json:
        waits = draft.waits_until.isoformat() if draft.waits_until else None
        emit({"reply": number, "channel": str(draft.channel), "practice": practice, "waits_until": waits})
    else:
        on_its_way = "It waits for their morning." if draft.waits_until else "It is on its way."
        say(f"{on_its_way} `dispatch replies show {number}` says what becomes of it.")
        if practice:
            say(PRACTICE)
    if draft.waits_until and house.settings.redis is None:
        note("A worker must run then: `dispatch worker`, or `dispatch web`, which starts one.")


def _typed(number: int) -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("Give the answer: --text FILE, or --text - to read it from standard input.")
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.reply_words import conversation_lines
    from dispatcher.usecases.replies.reading import read_reply

    with open_house().db.reading() as session:
        for line in conversation_lines(read_reply(session, number)):
            note(line)
    return click.edit("", extension=".txt") or ""


def _show(draft: "Draft") -> None:
    from dispatcher.cli.cost_words import took
    from dispatcher.cli.times import clock
    from dispatcher.rules.alert import Channel

    by = "email" if draft.channel is Channel.EMAIL else "text"
    note(f"To a person who reads {draft.language}, by {by}:")
    for line in draft.words.splitlines():
        note(f"  {line}")
    if draft.cost:
        note(took(draft.cost))
    if draft.waits_until:
        note(f"It leaves at {clock(draft.waits_until)}: it is night, or early, where they are.")


@command.command()
@_number
@click.option("--as-leave", is_flag=True, help="It meant STOP: they leave everything on that channel.")
@click.option("--yes", is_flag=True, help="Don't ask before somebody leaves.")
def close(number: int, as_leave: bool, yes: bool) -> None:
    """Nothing more is to be done about it."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.replies.handling import close as close_it
    from dispatcher.usecases.replies.handling import close_as_leaving

    house = open_house()
    if as_leave:
        confirm(f"Whoever wrote reply {number} gets nothing more there. Go on?", yes=yes)
    with house.db.transaction() as session:
        (close_as_leaving if as_leave else close_it)(session, number)
    say(f"Reply {number} is closed." + (" They have left." if as_leave else ""))
    if not as_leave:
        note(f"By mistake? `dispatch replies reopen {number}`.")


@command.command()
@_number
def reopen(number: int) -> None:
    """It was closed too early, and waits for somebody again. Who has left stays away."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.replies.handling import reopen as open_again

    with open_house().db.transaction() as session:
        open_again(session, number)
    say(f"Reply {number} waits for somebody again.")
