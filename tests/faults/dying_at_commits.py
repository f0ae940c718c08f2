"""Runs a program of ours and kills its processes at their commits.

`python -P dying_at_commits.py DEATHS PROGRAM ARGUMENTS...`, where DEATHS is a folder with a file for each
death that is to happen: `3-before` kills a process that is about to commit for the third time, `3-after` one
that just has. Who dies takes the file away, so that each happens once, whichever process it hits, and leaves
one of the same name in DEATHS/had that says what its transaction had written.
"""

import os
import re
import runpy
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

_WRITTEN = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


class Deaths:
    """What one process counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._commits = 0
        self._written: list[str] = []
        event.listen(Engine, "begin", self._begins)
        event.listen(Engine, "before_cursor_execute", self._writes)
        event.listen(Engine, "commit", self._is_about_to_commit)
        event.listen(Session, "after_commit", self._has_committed)

    def _begins(self, _connection: object) -> None:
        self._written = []

    def _writes(self, _connection: object, _cursor: object, statement: str, *_more: Any) -> None:
        if found := _WRITTEN.match(statement):
            self._written.append(found.group(1))

    def _is_about_to_commit(self, _connection: object) -> None:
        self._commits += 1
        self._die(f"{self._commits}-before")

    def _has_committed(self, _session: object) -> None:
        self._die(f"{self._commits}-after")

    def _die(self, name: str) -> None:
        try:
            (self._folder / name).unlink()
        except FileNotFoundError:
            return
        (self._folder / "had" / name).write_text(" ".join(self._written))
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    deaths, program, *arguments = sys.argv[1:]
    Deaths(Path(deaths))
    sys.argv = [program, *arguments]
    runpy.run_module(program, run_name="__main__", alter_sys=True)
