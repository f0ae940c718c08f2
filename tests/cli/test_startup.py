"""Commands load no more than they need: `--help` and a mistyped option answer at once."""

import subprocess
import sys

import pytest
from cli_desk import CliDesk

from dispatcher.cli import COMMANDS
from houses import environment_of

LOADED = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
RUN = f"import atexit; atexit.register(lambda: exec({LOADED!r})); from dispatcher.cli import main; main()"

NOTHING_HEAVY = {
    "alembic",
    "celery",
    "cryptography",
    "dns",
    "jinja2",
    "kombu",
    "lxml",
    "phonenumbers",
    "premailer",
    "pydantic",
    "pydantic_settings",
    "redis",
    "rich",
    "sqlalchemy",
    "starlette",
    "twilio",
}
NOTHING_THAT_SENDS = {
    "alembic",
    "celery",
    "kombu",
    "lxml",
    "openpyxl",
    "phonenumbers",
    "premailer",
    "rich",
    "starlette",
    "twilio",
}


def loaded_by(*arguments: str, code: int, env: dict[str, str] | None = None) -> set[str]:
    """The packages that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["send", "--help"], 0),
        (["send", "--campaign", "daca", "--limit", "none"], 2),
        (["sned"], 2),
        (["resume", "1", "--no-such-option"], 2),
        (["subscribers", "--help"], 0),
    ],
)
def test_help_and_usage_errors_load_nothing_heavy(arguments: list[str], code: int) -> None:
    assert loaded_by(*arguments, code=code) & NOTHING_HEAVY == set()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(cli: CliDesk, command: str) -> None:
    told = cli.run(command, "--help").stdout
    assert told.startswith("Usage: ")
    assert command in told


@pytest.mark.parametrize(
    "arguments",
    [["status"], ["log"], ["pause", "--all"], ["lists", "ls"], ["db", "check"], ["campaigns", "ls"]],
)
def test_commands_of_the_database_load_nothing_that_sends(cli: CliDesk, arguments: list[str]) -> None:
    loaded = loaded_by(*arguments, code=0, env=environment_of(cli.house.settings))
    assert loaded & NOTHING_THAT_SENDS == set()


@pytest.mark.parametrize(
    ("typed", "meant"), [("sned", "send"), ("statsu", "status"), ("campaing", "campaigns")]
)
def test_a_mistyped_command_is_answered_with_the_nearest(cli: CliDesk, typed: str, meant: str) -> None:
    assert f"There is no command {typed!r}. Did you mean {meant}?" in cli.run(typed, expect=2).stderr


def test_a_command_that_resembles_none_is_unknown(cli: CliDesk) -> None:
    assert "No such command 'xyzzy'" in cli.run("xyzzy", expect=2).stderr
