"""docs/threat-model.md: each test, command and setting that it points at is there."""

import ast
import re
from pathlib import Path

import dispatcher
from dispatcher.cli import COMMANDS
from dispatcher.settings import PREFIX, Settings

ROOT = Path(dispatcher.__file__).parent.parent
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_every_test_that_shows_a_claim_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", PAGE)
    assert len(named) > 30
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert not name or name in defined, f"{file}::{name}"


def test_every_command_and_setting_that_it_names_exists() -> None:
    assert set(re.findall(r"`dispatch ([a-z]+)", PAGE)) <= set(COMMANDS)
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(rf"`({PREFIX}[A-Z_]+)`", PAGE)) <= settings


def test_every_page_that_it_links_to_exists() -> None:
    for link in re.findall(r"\]\(([\w/.-]+)\)", PAGE):
        assert (ROOT / "docs" / link).exists(), link
