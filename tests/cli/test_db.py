"""`dispatch db upgrade` makes the database; other commands say that they need it."""

import json
import stat
from pathlib import Path

from click.testing import CliRunner, Result

from dispatcher.cli import main
from dispatcher.db import SCHEMA_VERSION
from houses import DATA_KEY


def dispatch(*arguments: str, **settings: str) -> Result:
    """One command in the test's empty folder."""
    return CliRunner().invoke(main, arguments, env={f"DISPATCH_{n.upper()}": v for n, v in settings.items()})


def test_it_makes_the_database_and_a_key_and_says_where_the_key_is() -> None:
    made = dispatch("db", "upgrade")
    assert made.exit_code == 0
    assert made.stdout == f"{Path('var/dispatch.db').resolve()} is at version {SCHEMA_VERSION}.\n"
    assert str(Path("var/data.key").resolve()) in made.stderr
    assert "Keep a copy" in made.stderr
    for private in (Path("var"), Path("var/dispatch.db"), Path("var/data.key")):
        assert stat.S_IMODE(private.stat().st_mode) & 0o077 == 0
    assert Path("var/data.key").read_text().strip() not in made.output


def test_a_second_time_it_has_nothing_to_do() -> None:
    dispatch("db", "upgrade")
    again = dispatch("db", "upgrade", "--json")
    assert json.loads(again.stdout)["version"] == SCHEMA_VERSION
    assert again.stderr == ""
    assert dispatch("db", "check").exit_code == 0


def test_a_key_that_was_given_is_used_and_none_is_made() -> None:
    made = dispatch("db", "upgrade", data_key=DATA_KEY)
    assert made.stderr == ""
    assert not Path("var/data.key").exists()
    assert dispatch("db", "check", data_key=DATA_KEY).exit_code == 0


def test_without_a_database_it_says_how_to_make_one() -> None:
    missing = dispatch("db", "check", "--json")
    assert missing.exit_code == 1
    assert json.loads(missing.stdout)["error"]["code"] == "database_missing"
    assert "dispatch db upgrade" in missing.stderr
    assert not Path("var").exists()
