"""What the real servers of the tests share: where they live, who owns them, and what happens where one is
missing.
"""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

_LONGEST_FOLDER = 60  # characters: a unix socket's path holds 107, and servers add names of their own


def server_folder(prefix: str) -> Path:
    """A new folder for a server: under TMPDIR where that is short enough for unix sockets and open to other
    users.
    """
    base = Path(tempfile.gettempdir())
    others_enter = all(folder.stat().st_mode & 0o001 for folder in (base, *base.parents))
    suits = len(str(base)) <= _LONGEST_FOLDER and others_enter
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=base if suits else "/tmp"))  # noqa: S108 - mkdtemp's name can't be guessed


def owner_of_the_run() -> int:
    """The process that lives as long as the whole test run: xdist's controller, or we ourselves."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def keep_server(owner: int, folder: Path, command: list[str], user: str = "-") -> None:
    """Start a server that stops by itself, and deletes its folder, once the process `owner` is gone."""
    keeper = str(Path(__file__).with_name("keeper.py"))
    subprocess.run([sys.executable, keeper, str(owner), user, str(folder), *command], check=True, timeout=30)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def missing(what: str, mend: str) -> NoReturn:
    """Skip a test whose server isn't installed; on CI, where everything must run, fail it."""
    not_here(f"{what} isn't installed here: {mend}")


def not_here(words: str) -> NoReturn:
    """Skip a test that this machine can't run, with what to do about it; on CI fail it."""
    if os.environ.get("CI"):
        pytest.fail(words, pytrace=False)
    pytest.skip(words)
