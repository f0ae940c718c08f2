"""How commands speak, and how they ask."""

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.cli.out import PRACTICE, confirm, emit, json_line, json_option, marked, note, say, table
from dispatcher.errors import NotConfirmed

Terminal = Callable[[str], None]


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put somebody before the terminal who types this."""
    return lambda text: monkeypatch.setattr(sys, "stdin", _Keyboard(text))


def test_results_go_to_stdout_and_remarks_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("done")
    say()
    note("slowly")
    note()
    emit({"names": ["Łukasz"], "at": datetime(2026, 12, 1, tzinfo=UTC)})
    out, err = capsys.readouterr()
    first, blank, last = out.splitlines()
    assert (first, blank, err) == ("done", "", "slowly\n\n")
    assert "Łukasz" in last
    assert json.loads(last)["at"] == "2026-12-01 00:00:00+00:00"


def test_practice_says_so_first_and_last(capsys: pytest.CaptureFixture[str]) -> None:
    with marked(say, practice=True):
        say("done")
    with marked(note, practice=False):
        note("quietly")
    assert capsys.readouterr() == (f"{PRACTICE}\ndone\n{PRACTICE}\n", "quietly\n")


def test_a_table_is_as_wide_as_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    table(("list", "people"), [("daca", 4812), ("state-budget", 3)])
    assert capsys.readouterr().out.splitlines() == [
        "list          people",
        "daca          4812",
        "state-budget  3",
    ]


def test_a_table_without_rows_has_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    table(("list", "people"), [])
    assert capsys.readouterr().out == "list  people\n"


STEERING = "\x1b]0;x\x07 \x9b31m \x7f \u202e \ud83d \u2028 \U000e0041 \n"


def test_nobodys_words_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table(("who",), [(STEERING,)])
    _, line = capsys.readouterr().out.splitlines()
    assert line.isprintable()
    assert line.startswith("\\x1b]0;x\\x07 \\x9b31m \\x7f \\u202e")
    emit({"words": STEERING})
    written = capsys.readouterr().out
    assert written.removesuffix("\n").isprintable()
    assert json.loads(written) == {"words": STEERING}


@given(st.text())
def test_whatever_is_told_in_json_is_printable_and_the_same(words: str) -> None:
    assert json_line([words]).isprintable()
    assert json.loads(json_line([words])) == [words]


def test_words_of_every_script_stay_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    table(("name",), [("می\u200cروم",), ("中村",), ("👩\u200d👧",)])
    assert capsys.readouterr().out.splitlines()[1:] == ["می\u200cروم", "中村", "👩\u200d👧"]


@pytest.mark.parametrize("given", [[], ["--json"]])
def test_whether_json_was_asked_for_is_known_also_where_errors_are_told(given: list[str]) -> None:
    seen: dict[str, Any] = {}

    @click.group()
    @click.pass_context
    def root(ctx: click.Context) -> None:
        seen["meta"] = ctx.meta

    @root.command()
    @json_option
    def show(as_json: bool) -> None:
        seen["as_json"] = as_json

    assert CliRunner().invoke(root, ["show", *given]).exit_code == 0
    assert seen["as_json"] is seen["meta"]["dispatcher.json"] is bool(given)


def test_with_yes_nothing_is_asked() -> None:
    confirm("Send 3 messages?", yes=True, typed="3")


def test_without_anybody_to_ask_the_answer_is_no() -> None:
    with pytest.raises(NotConfirmed, match=r"nobody here to ask.*--yes"):
        confirm("Send 3 messages?", yes=False)


@pytest.mark.parametrize("answer", ["y\n", "yes\n"])
def test_a_person_may_say_yes(typing: Terminal, answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    typing(answer)
    confirm("Send 3 messages?", yes=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Send 3 messages? [y/N]" in err


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_anything_but_yes_is_no(typing: Terminal, answer: str) -> None:
    typing(answer)
    with pytest.raises(NotConfirmed, match="you said no"):
        confirm("Send 3 messages?", yes=False)


@pytest.mark.parametrize("answer", ["4812\n", "4,812\n"])
def test_a_large_number_must_be_typed(
    typing: Terminal, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(answer)
    confirm("Send 4,812 messages?", yes=False, typed="4812")
    assert "Type 4812 to go on" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["y\n", "\n", "481\n"])
def test_yes_is_not_enough_for_a_large_number(typing: Terminal, answer: str) -> None:
    typing(answer)
    with pytest.raises(NotConfirmed, match="that wasn't 4812"):
        confirm("Send 4,812 messages?", yes=False, typed="4812")
