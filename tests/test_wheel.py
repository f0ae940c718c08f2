"""The wheel holds everything: installed into an empty environment, it runs the demo in an empty folder."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dispatcher
from servers.local import missing

PROJECT = Path(dispatcher.__file__).parent.parent
_DEMO_WITHIN = 100  # seconds; it takes about 10


def uv(*arguments: str | Path) -> str:
    """Run uv, with what it has already downloaded as far as that goes; its output."""
    program = os.environ.get("UV") or shutil.which("uv") or missing("uv", "pip install uv")
    words: dict[str, Any] = {"capture_output": True, "text": True, "cwd": PROJECT}
    done = subprocess.run([program, *arguments, "--offline"], **words)
    if done.returncode:
        done = subprocess.run([program, *arguments], **words)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "--out-dir", folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def dispatch(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dispatch` as installed from the wheel, with the locked versions, into an environment of its own."""
    folder = tmp_path_factory.mktemp("installed")
    locked = folder / "requirements.txt"
    locked.write_text(uv("export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes"))
    uv("venv", folder / "venv")
    uv("pip", "install", "--python", folder / "venv", "-r", locked, wheel)
    return folder / "venv" / "bin" / "dispatch"


def run(dispatch: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in the test's empty folder, with nothing of this tree about it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [dispatch, *arguments],
        env={**kept, "PATH": f"{dispatch.parent}:{kept['PATH']}", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_DEMO_WITHIN,
    )


def test_the_wheel_ships_templates_and_migrations_and_nothing_of_development(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for folder in ("templates", "migrations"):
        ours = [path.relative_to(PROJECT) for path in (PROJECT / folder).rglob("*") if path.is_file()]
        shipped = {f"dispatcher/shipped/{path}" for path in ours if "__pycache__" not in path.parts}
        assert shipped
        assert shipped <= set(names)
    tops = {re.sub(r"^dispatch_campaigns-.*", "metadata", name.partition("/")[0]) for name in names}
    assert tops == {"dispatcher", "workers", "metadata"}
    assert not [name for name in names if name.endswith((".pyc", ".db", ".key"))]


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        licence = next(name for name in archive.namelist() if name.endswith("licenses/LICENSE"))
        assert b"GNU AFFERO GENERAL PUBLIC LICENSE" in archive.read(licence)


def test_help_lists_the_commands(dispatch: Path) -> None:
    done = run(dispatch, "--help")
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout
    assert "send" in done.stdout


@pytest.fixture
def practised(dispatch: Path, tmp_path: Path) -> Iterator[subprocess.CompletedProcess[str]]:
    """`dispatch demo`, run in an empty folder."""
    assert list(tmp_path.iterdir()) == []
    yield run(dispatch, "demo")
    run(dispatch, "status")  # the next command: whatever the first has left running is looked after


def test_the_demo_runs_in_an_empty_folder_and_says_that_it_was_practice(
    practised: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    said = practised.stdout + practised.stderr
    assert practised.returncode == 0, said
    assert "PRACTICE" in said
    outbox = tmp_path / "var" / "outbox"
    for suffix in (".eml", ".txt"):
        written = [path for path in outbox.rglob(f"*{suffix}") if path.stat().st_size]
        assert len(written) > 50, suffix
