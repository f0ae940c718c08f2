"""docs/segments.md: every example in it is understood, and every command in it is there."""

import re
import tomllib
from pathlib import Path

import pytest

from dispatcher.cli import COMMANDS
from dispatcher.usecases.attributes.schema import load_schema
from dispatcher.usecases.segments import parse

PAGE = (Path(__file__).parents[3] / "docs" / "segments.md").read_text()
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
CELLS = [row.split("|")[2] for row in re.findall(r"^\| (?!you want|type|---).*$", PAGE, re.MULTILINE)]
EXAMPLES = [example for cell in CELLS for example in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    """What the page has one write, in the working folder."""
    segments, attributes = BLOCKS
    (tmp_path / "segments.toml").write_text(segments)
    (tmp_path / "attributes.toml").write_text(attributes)


@pytest.mark.parametrize("example", [*EXAMPLES, "chicago-es and still-to-act"])
def test_each_example_is_understood(example: str) -> None:
    assert parse(example).text


def test_the_examples_are_many_and_their_files_are_read() -> None:
    assert len(EXAMPLES) > 15
    assert set(load_schema()) == set(tomllib.loads(BLOCKS[1]))


def test_each_command_of_the_page_is_there() -> None:
    assert set(re.findall(r"dispatch ([a-z]+) ", PAGE)) <= set(COMMANDS)
