"""What import-linter's contracts in pyproject.toml can't say by themselves: that they name every module."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import dispatcher

PACKAGE = Path(dispatcher.__file__).parent
PROJECT = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())
FLOORS, RULES = PROJECT["tool"]["importlinter"]["contracts"]


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_every_module_has_its_floor() -> None:
    placed = {module.strip() for layer in FLOORS["layers"] for module in layer.split("|")}
    found = {f"dispatcher.{path.stem}" for path in PACKAGE.iterdir() if not path.name.startswith("_")}
    found = {name for name in found if name not in {"dispatcher.py", "dispatcher.shipped"}}
    assert found | {"workers"} == placed


@pytest.mark.parametrize("file", sorted((PACKAGE / "rules").glob("*.py")), ids=lambda file: str(file.stem))
def test_a_rule_imports_the_standard_library_and_other_rules_alone(file: Path) -> None:
    for module in imported(file):
        ours = module.startswith("dispatcher.rules.") or module == "dispatcher.errors"
        assert ours or module.partition(".")[0] in sys.stdlib_module_names, module


@pytest.mark.parametrize("file", sorted((PACKAGE / "rules").glob("*.py")), ids=lambda file: str(file.stem))
def test_a_rule_reads_no_clock(file: Path) -> None:
    """`now` is an argument: what a rule says can be tested for any moment."""
    calls = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    clocks = {"now", "utcnow", "today", "time", "monotonic"}
    read = {call.attr for call in calls if isinstance(call, ast.Attribute)} & clocks
    assert read - {"time"} == set()  # datetime.time() of a moment is no clock


def test_every_dependency_is_kept_out_of_the_rules_by_name() -> None:
    declared = {
        name.partition("[")[0].partition(">")[0].strip() for name in PROJECT["project"]["dependencies"]
    }
    names = {
        module
        for module, distributions in packages_distributions().items()
        if declared & {distribution.lower() for distribution in distributions}
    }
    without_code = {"tzdata"}
    assert {name for name in names if not name.startswith("_")} - without_code <= set(
        RULES["forbidden_modules"]
    )


def test_only_settings_read_the_environment() -> None:
    """Others may hand it on to a process that they start."""
    for file in PACKAGE.rglob("*.py"):
        words = file.read_text()
        if file.name != "settings.py":
            assert "os.environ.get" not in words, file
            assert "os.environ[" not in words, file
            assert "os.getenv" not in words, file
