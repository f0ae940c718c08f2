"""docs/guarantees.md: every promise names tests that show it, and every one of them exists."""

import ast
import re
from pathlib import Path

import pytest

import dispatcher

TESTS = Path(__file__).parent
PAGE = Path(dispatcher.__file__).parent.parent / "docs" / "guarantees.md"
PROMISES = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
NAMED = re.compile(r"^- `([\w/]+\.py)::(test_\w+)`$", re.MULTILINE)


def defined_in(file: Path) -> set[str]:
    return {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.partition("\n")[0])
def test_a_promise_names_tests_that_exist(promise: str) -> None:
    named = NAMED.findall(promise)
    assert named
    for file, name in named:
        assert name in defined_in(TESTS / file), f"{file}::{name}"


def test_every_fault_shows_a_promise() -> None:
    named = {name for _, name in NAMED.findall(PAGE.read_text(encoding="utf-8"))}
    faults = {name for file in TESTS.glob("faults/test_*.py") for name in defined_in(file)}
    assert {name for name in faults if name.startswith("test_")} <= named
