"""The wiring of statuses: no code but usecases/moves.py changes one, and lay_out.py alone makes messages."""

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import dispatcher
from dispatcher.models import Message

ROOT = Path(dispatcher.__file__).parent.parent
SOURCES = [path for package in ("dispatcher", "workers") for path in (ROOT / package).rglob("*.py")]


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def files_with(found: Callable[[ast.AST], bool]) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in SOURCES if any(found(node) for node in nodes(path))}


def name_of(node: ast.AST) -> str:
    """The last part of a name: `values` of `update(Message).values`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def sets_status(node: ast.AST) -> bool:
    """`....values(status=...)`, also in a dict: `.values({Message.status: ...})`."""
    if not (isinstance(node, ast.Call) and name_of(node.func) == "values"):
        return False
    keys = [key for arg in node.args if isinstance(arg, ast.Dict) for key in arg.keys if key]
    names = {name_of(key) for key in keys} | {key.value for key in keys if isinstance(key, ast.Constant)}
    return "status" in names | {word.arg for word in node.keywords}


def makes_messages(node: ast.AST) -> bool:
    """`Message(...)`, or `insert(Message)`."""
    if not isinstance(node, ast.Call):
        return False
    inserted = node.args[0] if name_of(node.func) == "insert" and node.args else node.func
    return name_of(inserted) == "Message"


def assigns_status(node: ast.AST) -> bool:
    """`message.status = ...`; an object may have a status of its own, its `self.status`."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    attributes = [target for target in targets if isinstance(target, ast.Attribute)]
    return any(one.attr == "status" and name_of(one.value) != "self" for one in attributes)


def test_only_moves_updates_a_status() -> None:
    assert files_with(sets_status) == {"dispatcher/usecases/moves.py"}


def test_only_laying_out_makes_messages() -> None:
    assert files_with(makes_messages) == {"dispatcher/usecases/lay_out.py"}


def test_nobody_assigns_a_status() -> None:
    assert files_with(assigns_status) == set()


def test_no_sql_as_text_updates_messages() -> None:
    """Text would hide from the tests above."""
    written = f"update {Message.__tablename__}"
    assert not [path for path in SOURCES if written in path.read_text(encoding="utf-8").lower()]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("update(Message).values(status=new)", sets_status),
        ("update(Message).values({Message.status: new})", sets_status),
        ("update(Message).values({'status': new})", sets_status),
        ("models.Message(status=new)", makes_messages),
        ("session.execute(insert(Message), rows)", makes_messages),
        ("message.status = new", assigns_status),
        ("message.status: Status = new", assigns_status),
    ],
)
def test_what_is_forbidden_would_be_seen(code: str, found: Callable[[ast.AST], bool]) -> None:
    assert any(found(node) for node in ast.walk(ast.parse(code)))
