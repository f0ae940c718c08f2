"""Keeps a server of the tests alive for exactly as long as its owner.

Run as `python keeper.py OWNER_PID USER FOLDER COMMAND...`: returns at once, having left a process behind that
starts the command (as USER, or as ourselves when that is "-"), waits until it or the owner is gone, stops it
and deletes FOLDER. So a test run leaves nothing behind, also when it was killed.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

_LOOK_EVERY = 0.1  # seconds
_STOP_WITHIN = 15  # seconds


def keep(owner: int, user: str, folder: Path, command: list[str]) -> None:
    """Start `command` with its output in FOLDER/log, and stop it when the process `owner` is gone."""
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=None if user == "-" else user,
            group=None if user == "-" else user,
            extra_groups=None if user == "-" else [],
        )
    while server.poll() is None and _alive(owner):
        time.sleep(_LOOK_EVERY)
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # PostgreSQL: a fast shutdown; Redis: like SIGTERM
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(_STOP_WITHIN)
    if server.poll() is None:
        server.kill()
        server.wait()
    if not _alive(owner):  # a server that died by itself leaves its log for the test that waits for it
        shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    owner, user, folder, *command = sys.argv[1:]
    if os.fork():
        os._exit(0)
    os.setsid()  # Ctrl-C is for the tests; the server stops after them
    keep(int(owner), user, Path(folder), command)


if __name__ == "__main__":
    main()
