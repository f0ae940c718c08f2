"""How commands speak: results on stdout, progress and questions on stderr, one JSON object when asked."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from dispatcher.errors import NotConfirmed

F = TypeVar("F", bound=Callable[..., Any])
PRACTICE = "PRACTICE: nothing left this machine"
_JOINERS = "\u200c\u200d\xa0"  # which scripts, emoji and numbers are written with, and which do no harm


def json_option(command: F) -> F:
    """`--json`: the result, and errors too, as one JSON object on stdout. The parameter is `as_json`."""

    def remember(_ctx: click.Context, _param: click.Parameter, value: bool) -> bool:
        answer_in_json(value)
        return value

    return click.option(
        "--json", "as_json", is_flag=True, is_eager=True, callback=remember, help="Answer as JSON on stdout."
    )(command)


def answer_in_json(wanted: bool) -> None:
    """Whether an error of this command is to be an object on stdout too."""
    click.get_current_context().find_root().meta["dispatcher.json"] = wanted


def emit(result: dict[str, Any] | list[Any]) -> None:
    """One JSON object on one line."""
    click.echo(json_line(result))


def json_line(result: dict[str, Any] | list[Any]) -> str:
    """JSON in which nothing steers a terminal or turns its text round, whoever wrote it: escaped, it is the
    same JSON.
    """
    written = json.dumps(result, ensure_ascii=False, default=str)
    return written if written.isprintable() else "".join(map(_escaped, written))


def _escaped(char: str) -> str:
    return char if char.isprintable() else json.dumps(char)[1:-1]


def plain(cell: object) -> str:
    """Words as a terminal may show them: what would steer it stands there as Python would write it."""
    words = str(cell)
    if words.isprintable():
        return words
    return "".join(char if char.isprintable() or char in _JOINERS else ascii(char)[1:-1] for char in words)


def say(words: str = "") -> None:
    """A result, on stdout."""
    click.echo(words)


def note(words: str = "") -> None:
    """Progress or a remark, on stderr."""
    click.echo(words, err=True)


@contextmanager
def marked(speak: Callable[[str], None], *, practice: bool) -> Iterator[None]:
    """Practice says so in the first line and in the last."""
    if practice:
        speak(PRACTICE)
    yield
    if practice:
        speak(PRACTICE)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as they need, for people."""
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [max(len(column) for column in columns) for columns in zip(headings, *cells, strict=True)]
    for line in ([*headings], *cells):
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def confirm(question: str, *, yes: bool, typed: str | None = None) -> None:
    """Ask before something that can't be taken back; NotConfirmed unless the answer is yes.

    `typed` is what must be typed instead of yes (a number of people, a list's name). Without a terminal and
    without `--yes` a question is a refusal.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotConfirmed(reason="there is nobody here to ask. Look it over, then run it again with --yes.")
    if typed is None:
        agreed = click.confirm(question, default=False, err=True)
    else:
        answer = click.prompt(f"{question} Type {typed} to go on", default="", show_default=False, err=True)
        agreed = answer.replace(",", "").strip() == typed
    if not agreed:
        raise NotConfirmed(reason="you said no." if typed is None else f"that wasn't {typed}.")
